using DbProxy.Protocol;

namespace DbProxy.Core.Backends;

/// <summary>
/// What a client chose at its login that a server connection cannot change afterwards. Sessions share connections only
/// with sessions of the same choice.
/// </summary>
internal readonly record struct PoolVariant(Capabilities Flags)
{
    private const Capabilities Fixed =
        Capabilities.FoundRows | Capabilities.IgnoreSpace | Capabilities.LocalFiles | Capabilities.Odbc | Capabilities.Interactive;

    public static PoolVariant Of(Capabilities client) => new(client & Fixed);
}
