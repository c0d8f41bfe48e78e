namespace DbProxy.Core.Configuration;

/// <summary>TLS between the front end and the servers of a backend.</summary>
public sealed class BackendTlsOptions
{
    /// <summary>Whether TLS is used and what is checked of the servers' certificates.</summary>
    /// <remarks>Only VerifyCa and VerifyFull notice a stranger between the front end and a server.</remarks>
    public BackendTlsMode Mode { get; set; } = BackendTlsMode.Disabled;

    /// <summary>The authorities whose certificates VerifyCa and VerifyFull accept, in PEM form.</summary>
    [DefaultText("the system's authorities"), Example("/etc/dbproxy/servers-ca.crt")]
    public string? CaFile { get; set; }

    /// <summary>The name that servers are asked for (SNI), and that VerifyFull wants in their certificates.</summary>
    [DefaultText("the server's host"), Example("app.internal")]
    public string? ServerName { get; set; }

    /// <summary>The certificate shown to servers that ask for one, in PEM form, followed by the intermediate ones.</summary>
    [DefaultText("none"), Example("/etc/dbproxy/front.crt")]
    public string? CertificateFile { get; set; }

    /// <summary>That certificate's private key in PEM form, without a passphrase.</summary>
    [DefaultText("the certificate's file"), Example("/etc/dbproxy/front.key")]
    public string? KeyFile { get; set; }

    /// <summary>The oldest version of TLS.</summary>
    public TlsVersion MinVersion { get; set; } = TlsVersion.Tls12;
}
