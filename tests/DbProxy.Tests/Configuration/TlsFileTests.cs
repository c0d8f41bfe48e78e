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
        Assert.Equal(["file.json(2,48) ServerTls.CaFile: ca.crt can't be used: it holds no certificate in PEM form"], _text.Mistakes(ConfigText.With(section)));
    }

    [Fact]
    public void Client_certificates_need_their_authorities_and_required_ones_tls()
    {
        Assert.Equal(
            ["file.json(2,16) ClientTls.CaFile: missing; name the authorities whose certificates clients may show",
             "file.json(2,40) ClientTls.ClientCertificates: a client without TLS has no certificate; set ClientTls.Mode to Required, or this to Request"],
            _text.Mistakes(ConfigText.With("\"ClientTls\": { \"ClientCertificates\": \"Require\" }")));
        var section = $"\"ClientTls\": {{ \"CaFile\": \"{_text.File("ca.crt", Pair().Certificate)}\" }}";
        Assert.Contains("clients are not asked", Assert.Single(_text.Mistakes(ConfigText.With(section))), StringComparison.Ordinal);
        section = section.Replace("{ ", "{ \"Mode\": \"Required\", \"MinVersion\": \"1.3\", \"ClientCertificates\": \"Require\", ", StringComparison.Ordinal);
        Assert.Empty(_text.Mistakes(ConfigText.With(section)));
    }

    [Fact]
    public void The_certificate_for_servers_needs_its_key() => Assert.Contains(
        "ServerTls.KeyFile: missing",
        Assert.Single(_text.Mistakes(ConfigText.With($"\"ServerTls\": {{ \"CertificateFile\": \"{_text.File("a.crt", Pair().Certificate)}\" }}"))),
        StringComparison.Ordinal);

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
