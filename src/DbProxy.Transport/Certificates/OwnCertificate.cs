using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.Transport.Certificates;

/// <summary>A certificate that the proxy shows: from files, or self-signed and made at the start.</summary>
/// <param name="Context">The certificate with its key and its intermediate ones.</param>
/// <param name="Source">Where it is from, for logs and metrics.</param>
public sealed record OwnCertificate(SslStreamCertificateContext Context, string Source)
{
    private const string SelfSigned = "self-signed";
    private static readonly TimeSpan RenewalTime = TimeSpan.FromDays(31);

    /// <summary>The certificate itself.</summary>
    public X509Certificate2 Certificate => Context.TargetCertificate;

    /// <summary>Whether a self-signed one should be made anew.</summary>
    public bool EndsSoon(DateTimeOffset now) => Certificate.NotAfter - now < RenewalTime;

    /// <summary>Reads PEM files.</summary>
    /// <param name="certificateFile">The certificate, followed by the intermediate ones.</param>
    /// <param name="keyFile">The key; null: it is in the certificate's file.</param>
    /// <exception cref="CryptographicException">The files are not a certificate and its key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static OwnCertificate Load(string certificateFile, string? keyFile)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return new(SslStreamCertificateContext.Create(Persisted(pem), chain, offline: true), certificateFile);
    }

    /// <summary>Makes one for this machine, good for a year; nobody vouches for it.</summary>
    public static OwnCertificate CreateSelfSigned(DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dbproxy", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return new(SslStreamCertificateContext.Create(Persisted(certificate), additionalCertificates: null, offline: true), SelfSigned);
    }

    // A key made or read in memory must go through PKCS #12 once to be of use to a TLS server on every platform.
    private static X509Certificate2 Persisted(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
