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
        CertificateFile = options.CertificateFile;
        KeyFile = options.KeyFile;
        MinVersion = options.MinVersion;
        AllowClearPassword = options.AllowClearPassword;
    }

    /// <inheritdoc cref="ServerTlsOptions.Mode"/>
    public ServerTlsMode Mode { get; init; }

    /// <summary>The PEM file of accepted authorities; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The PEM file of the proxy's certificate for servers; null: none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key's PEM file; null exactly when <see cref="CertificateFile"/> is.</summary>
    public string? KeyFile { get; init; }

    /// <inheritdoc cref="ServerTlsOptions.MinVersion"/>
    public TlsVersion MinVersion { get; init; }

    /// <inheritdoc cref="ServerTlsOptions.AllowClearPassword"/>
    public bool AllowClearPassword { get; init; }
}
