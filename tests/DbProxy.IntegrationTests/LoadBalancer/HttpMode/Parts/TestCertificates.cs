using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;

/// <summary>An authority in a folder of its own, which writes certificates as PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        Folder = Directory.CreateTempSubdirectory("dbproxy-certs").FullName;
        var request = new CertificateRequest($"CN=Test authority {Path.GetFileName(Folder)}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(CaFile, _authority.ExportCertificatePem());
    }

    public string Folder { get; }

    public string CaFile => Path.Combine(Folder, "ca.pem");

    /// <summary>Writes a certificate and its key into one file and gives its path.</summary>
    public string Write(string file, params string[] names)
    {
        using var certificate = Make(names, out var key);
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key);
        return path;
    }

    /// <summary>A certificate with its key, for a client.</summary>
    public X509Certificate2 Client(string name)
    {
        using var certificate = Make([name], out var key);
        using var pem = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private X509Certificate2 Make(string[] names, out string keyPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        keyPem = key.ExportPkcs8PrivateKeyPem();
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        return request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
    }
}
