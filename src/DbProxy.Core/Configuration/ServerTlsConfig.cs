namespace DbProxy.Core.Configuration;

/// <summary>TLS between the proxy and the servers; see <see cref="ServerTlsOptions"/>.</summary>
public sealed record ServerTlsConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public ServerTlsConfig(ServerTlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Mode = options.Mode;
        CaFile = options.CaFile;
    }

    /// <inheritdoc cref="ServerTlsOptions.Mode"/>
    public ServerTlsMode Mode { get; init; }

    /// <summary>The PEM file of accepted authorities; null: the system's.</summary>
    public string? CaFile { get; init; }
}
