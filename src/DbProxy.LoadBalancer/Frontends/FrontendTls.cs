using System.Collections.Immutable;
using System.Security.Authentication;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>Whether clients are asked for a certificate.</summary>
public enum ClientCertificateMode
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>They are, and may go without; one that is shown must be good.</summary>
    Optional,

    /// <summary>Without a good one the handshake fails.</summary>
    Required,
}

/// <summary>A certificate and its key in PEM files; the file may hold the chain, and the key too.</summary>
/// <param name="CertificateFile">The certificate, followed by the intermediate ones.</param>
/// <param name="KeyFile">The private key; null: it is in the certificate's file.</param>
public sealed record CertificateFiles(string CertificateFile, string? KeyFile = null);

/// <summary>TLS for the clients of a frontend. Immutable.</summary>
public sealed record FrontendTls
{
    /// <summary>The certificates, chosen by the name that the client asks for; the first where none fits. Empty: a
    /// self-signed one is made, for development.</summary>
    public ImmutableArray<CertificateFiles> Certificates { get; init; } = [];

    /// <summary>The oldest version: TLS 1.2 (the default) or 1.3.</summary>
    public SslProtocols MinVersion { get; init; } = SslProtocols.Tls12;

    /// <summary>OpenSSL names of the cipher suites allowed; empty: the system's.</summary>
    public ImmutableArray<string> CipherSuites { get; init; } = [];

    /// <summary>Whether clients are asked for a certificate. Default None.</summary>
    public ClientCertificateMode ClientCertificates { get; init; }

    /// <summary>The authorities of the clients' certificates, in PEM form; null: the system's.</summary>
    public string? ClientCaFile { get; init; }
}
