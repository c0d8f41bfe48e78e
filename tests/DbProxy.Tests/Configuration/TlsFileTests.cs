using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace DbProxy.Tests.Configuration;

public sealed class TlsFileTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_certificate_with_its_key_is_accepted_and_with_another_key_refused()
    {
        var (certificate, key) = Pair();
        var (_, other) = Pair();
        var path = _text.File("a.crt", certificate);
        Assert.Empty(_text.Mistakes(Section(path, _text.File("a.key", key))));
        Assert.StartsWith("file.json(2,37) ClientTls.CertificateFile: a.crt can't be used: The provided key does not match",
            Assert.Single(_text.Mistakes(Section(path, _text.File("b.key", other)))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_authorities_must_hold_one()
    {
        var section = $"\"ServerTls\": {{ \"Mode\": \"VerifyCa\", \"CaFile\": \"{_text.File("ca.crt", "nothing")}\" }}";
        Assert.Equal(["file.json(2,48) ServerTls.CaFile: ca.crt holds no certificate in PEM form"], _text.Mistakes(ConfigText.With(section)));
    }

    private static string Section(string certificate, string key) =>
        ConfigText.With($"\"ClientTls\": {{ \"CertificateFile\": \"{certificate}\", \"KeyFile\": \"{key}\" }}");

    private static (string Certificate, string Key) Pair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
