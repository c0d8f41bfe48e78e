using System.Net;
using DbProxy.Protocol;

namespace DbProxy.Core.Backends;

/// <summary>
/// What a client chose at its login that a server connection cannot change afterwards. Sessions share connections only
/// with sessions of the same choice.
/// </summary>
/// <param name="Flags">Those capabilities.</param>
/// <param name="Client">The client's address where servers are told it, because their accounts may be bound to it; null:
/// they see the proxy's, whoever the client is.</param>
internal readonly record struct PoolVariant(Capabilities Flags, IPAddress? Client = null)
{
    // These change the packets themselves. A client and its server connections have the same ones, so that the hot path
    // passes packets on as they are; an application's clients are of one kind, so that they share connections all the same.
    private const Capabilities Framing =
        Capabilities.QueryAttributes | Capabilities.OptionalResultsetMetadata | Capabilities.MariaDbExtendedMetadata
        | Capabilities.MariaDbProgress | Capabilities.MariaDbStmtBulkOperations;

    // DEPRECATE_EOF too: the EOF behind the columns carries flags (more results, OUT parameters) that libmariadb acts upon before
    // it reads the rows, and a server that deprecates EOFs tells them only behind the rows.
    private const Capabilities Fixed =
        Capabilities.FoundRows | Capabilities.IgnoreSpace | Capabilities.LocalFiles | Capabilities.Odbc | Capabilities.Interactive
        | Capabilities.DeprecateEof | Framing;

    public static PoolVariant Of(Capabilities client) => new(client & Fixed);

    /// <summary>What a connection lacks that its client was promised: packets would then not be what one side takes them for.</summary>
    public Capabilities MissingIn(Capabilities negotiated) => Flags & Framing & ~negotiated;
}
