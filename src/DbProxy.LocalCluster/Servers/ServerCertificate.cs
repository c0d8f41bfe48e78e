using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.LocalCluster.Servers;

/// <summary>A self-signed certificate for 127.0.0.1 and localhost, because MariaDB 10.11 makes none by itself.</summary>
internal static class ServerCertificate
{
    public const string CertificateName = "server-cert.pem";
    public const string KeyName = "server-key.pem";

    public static void Write(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        // It is its own authority, so that a client can verify it with this one file.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        File.WriteAllText(Path.Combine(folder, CertificateName), certificate.ExportCertificatePem());
        // The cluster's folder is closed to other users, and so is the key.
        File.WriteAllText(Path.Combine(folder, KeyName), key.ExportPkcs8PrivateKeyPem());
    }
}
