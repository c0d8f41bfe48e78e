namespace DbProxy.Core.Configuration;

/// <summary>TLS for the clients of a frontend.</summary>
public sealed class FrontendTlsOptions
{
    /// <summary>Whether clients must speak TLS here.</summary>
    public bool Enabled { get; set; }

    /// <summary>The certificates, chosen by the name that a client asks for; the first where none fits. None: a self-signed
    /// one is made at start.</summary>
    public List<CertificateOptions> Certificates { get; set; } = [];

    /// <summary>The oldest version of TLS.</summary>
    public TlsVersion MinVersion { get; set; } = TlsVersion.Tls12;

    /// <summary>The cipher suites that are allowed, by OpenSSL's or the RFCs' names.</summary>
    [DefaultText("the system's"), Example("TLS_AES_256_GCM_SHA384")]
    public List<string> CipherSuites { get; set; } = [];

    /// <summary>Whether clients are asked for a certificate.</summary>
    public ClientCertificateMode ClientCertificates { get; set; } = ClientCertificateMode.None;

    /// <summary>The authorities of the clients' certificates, in PEM form.</summary>
    [DefaultText("the system's"), Example("/etc/dbproxy/clients-ca.crt")]
    public string? ClientCaFile { get; set; }
}

/// <summary>A certificate with its key. Files that change are taken up for new connections.</summary>
public sealed class CertificateOptions
{
    /// <summary>The certificate in PEM form, followed by the intermediate ones.</summary>
    [DefaultText("required"), Example("/etc/dbproxy/www.crt")]
    public string? CertificateFile { get; set; }

    /// <summary>Its private key in PEM form, without a passphrase.</summary>
    [DefaultText("the certificate's file"), Example("/etc/dbproxy/www.key")]
    public string? KeyFile { get; set; }
}
