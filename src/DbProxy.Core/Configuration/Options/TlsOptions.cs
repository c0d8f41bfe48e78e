namespace DbProxy.Core.Configuration;

/// <summary>TLS between clients and the proxy.</summary>
public sealed class ClientTlsOptions
{
    /// <summary>Whether clients may or must use TLS. Without certificate files a self-signed certificate is made at start.</summary>
    /// <remarks>Disabled and Preferred let a client send its statements in clear text.</remarks>
    public ClientTlsMode Mode { get; set; } = ClientTlsMode.Preferred;

    /// <summary>The certificate in PEM form, followed by the intermediate ones.</summary>
    [DefaultText("a self-signed certificate, made at start"), Example("/etc/dbproxy/tls.crt")]
    public string? CertificateFile { get; set; }

    /// <summary>The certificate's private key in PEM form, without a passphrase.</summary>
    [Example("/etc/dbproxy/tls.key")]
    public string? KeyFile { get; set; }
}

/// <summary>TLS between the proxy and the servers.</summary>
public sealed class ServerTlsOptions
{
    /// <summary>Whether TLS is used and what is checked; the modes of the mysql client.</summary>
    /// <remarks>Only VerifyCa and VerifyFull notice a stranger between the proxy and a server.</remarks>
    public ServerTlsMode Mode { get; set; } = ServerTlsMode.Preferred;

    /// <summary>The authorities whose certificates VerifyCa and VerifyFull accept, in PEM form.</summary>
    [DefaultText("the system's authorities"), Example("/etc/dbproxy/ca.crt")]
    public string? CaFile { get; set; }
}
