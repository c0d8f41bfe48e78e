using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>An authority that issues certificates into files of a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbproxy-authority-");
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "test authority")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(2));
        CaFile = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(CaFile, _certificate.ExportCertificatePem());
    }

    public string CaFile { get; }

    /// <summary>Issues a certificate, over the files of an earlier one of the same name.</summary>
    public (string Certificate, string Key) Issue(string name, TimeSpan? validity = null, params string[] dnsNames)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var dns in dnsNames)
        {
            if (IPAddress.TryParse(dns, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(dns);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        var until = DateTimeOffset.UtcNow + (validity ?? TimeSpan.FromDays(365));
        using var certificate = request.Create(_certificate, DateTimeOffset.UtcNow.AddDays(-1), until, RandomNumberGenerator.GetBytes(8));
        var (certificateFile, keyFile) = (Path.Combine(_folder.FullName, name + ".crt"), Path.Combine(_folder.FullName, name + ".key"));
        // The servers' TLS library wants its key in the older form or PKCS #8; both read this one.
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        return (certificateFile, keyFile);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
