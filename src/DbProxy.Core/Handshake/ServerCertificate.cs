using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration;

namespace DbProxy.Core.Handshake;

/// <summary>The certificate that the proxy shows to clients: from files, or self-signed and made at the start.</summary>
internal static class ServerCertificate
{
    /// <param name="config">Where the files are, if anywhere.</param>
    /// <param name="source">Says where the certificate is from, for the log.</param>
    /// <exception cref="CryptographicException">The files are not a certificate and its key.</exception>
    public static SslStreamCertificateContext Load(ClientTlsConfig config, out string source)
    {
        if (config.CertificateFile is { } file)
        {
            source = file;
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(file, config.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return SslStreamCertificateContext.Create(Persisted(pem), chain, offline: true);
        }

        source = "self-signed, made at this start";
        return SslStreamCertificateContext.Create(CreateSelfSigned(), additionalCertificates: null, offline: true);
    }

    private static X509Certificate2 CreateSelfSigned()
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
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        return Persisted(certificate);
    }

    // A key made or read in memory must go through PKCS #12 once to be of use to a TLS server on every platform.
    private static X509Certificate2 Persisted(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
