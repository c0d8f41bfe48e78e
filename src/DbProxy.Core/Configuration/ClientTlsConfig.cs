namespace DbProxy.Core.Configuration;

/// <summary>TLS between clients and the proxy; see <see cref="ClientTlsOptions"/>.</summary>
public sealed record ClientTlsConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public ClientTlsConfig(ClientTlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Mode = options.Mode;
        CertificateFile = options.CertificateFile;
        KeyFile = options.KeyFile;
        MinVersion = options.MinVersion;
        ClientCertificates = options.ClientCertificates;
        CaFile = options.CaFile;
    }

    /// <inheritdoc cref="ClientTlsOptions.Mode"/>
    public ClientTlsMode Mode { get; init; }

    /// <summary>The certificate's PEM file; null: make a self-signed one.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key's PEM file; null exactly when <see cref="CertificateFile"/> is.</summary>
    public string? KeyFile { get; init; }

    /// <inheritdoc cref="ClientTlsOptions.MinVersion"/>
    public TlsVersion MinVersion { get; init; }

    /// <inheritdoc cref="ClientTlsOptions.ClientCertificates"/>
    public ClientCertificateMode ClientCertificates { get; init; }

    /// <summary>The PEM file of authorities of clients; null exactly when <see cref="ClientCertificates"/> is None.</summary>
    public string? CaFile { get; init; }
}
