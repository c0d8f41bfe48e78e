namespace DbProxy.Core.Configuration;

/// <summary>A configuration or the mistakes that prevent it.</summary>
/// <param name="Config">Null exactly when there are mistakes.</param>
/// <param name="Mistakes">All of them, in the order of the file.</param>
public sealed record ConfigResult(ProxyConfig? Config, IReadOnlyList<ConfigMistake> Mistakes)
{
    /// <summary>The configuration; throws <see cref="ConfigException"/> when there is none.</summary>
    public ProxyConfig RequireConfig() => Config ?? throw new ConfigException(Mistakes);
}
