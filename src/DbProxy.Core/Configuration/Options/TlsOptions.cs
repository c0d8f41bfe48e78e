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

    /// <summary>The oldest version of TLS that clients may use.</summary>
    public TlsVersion MinVersion { get; set; } = TlsVersion.Tls12;

    /// <summary>Whether clients are asked for a certificate of their own, and refused without one.</summary>
    /// <remarks>It is checked besides the password, not in its place. Require needs Mode Required.</remarks>
    public ClientCertificateMode ClientCertificates { get; set; } = ClientCertificateMode.None;

    /// <summary>The authorities whose certificates are accepted from clients, in PEM form.</summary>
    [DefaultText("none; ClientCertificates needs it"), Example("/etc/dbproxy/clients-ca.crt")]
    public string? CaFile { get; set; }
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

    /// <summary>The certificate that the proxy shows to servers, in PEM form: for accounts with REQUIRE X509.</summary>
    /// <remarks>Every user's connections show it, so that such accounts no longer tell one client from another.</remarks>
    [DefaultText("none"), Example("/etc/dbproxy/client.crt")]
    public string? CertificateFile { get; set; }

    /// <summary>That certificate's private key in PEM form, without a passphrase.</summary>
    [DefaultText("none"), Example("/etc/dbproxy/client.key")]
    public string? KeyFile { get; set; }

    /// <summary>The oldest version of TLS that is used towards servers.</summary>
    public TlsVersion MinVersion { get; set; } = TlsVersion.Tls12;

    /// <summary>Whether a server may be sent a password in clear text over TLS (mysql_clear_password: PAM, LDAP).</summary>
    /// <remarks>A server that was taken over could ask for it and learn the password: use VerifyCa or VerifyFull with it.</remarks>
    public bool AllowClearPassword { get; set; }
}
