using DbProxy.Core.Accounting;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Prometheus;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>TLS between clients and the proxy. One kind of server suffices: it has no part in it.</summary>
public sealed class ClientTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("other authority");

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(ClientTlsMode.Disabled, false)]
    [InlineData(ClientTlsMode.Preferred, true)]
    [InlineData(ClientTlsMode.Required, true)]
    public async Task A_client_of_each_mode_gets_what_the_proxys_mode_allows(ClientTlsMode mode, bool encrypted)
    {
        var (certificate, key) = _authority.Issue("proxy", null, "localhost", "127.0.0.1");
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o =>
        {
            o.ClientTls.Mode = mode;
            (o.ClientTls.CertificateFile, o.ClientTls.KeyFile) = mode == ClientTlsMode.Disabled ? (null, null) : (certificate, key);
        });
        Assert.Equal(mode == ClientTlsMode.Required ? "3159" : "in", await TryAsync(bed, b => b.SslMode = MySqlSslMode.None));
        Assert.Equal("in", await TryAsync(bed, b => b.SslMode = MySqlSslMode.Preferred));
        foreach (var asked in new[] { MySqlSslMode.Required, MySqlSslMode.VerifyCA, MySqlSslMode.VerifyFull })
        {
            var trusting = await TryAsync(bed, b => (b.SslMode, b.SslCa) = (asked, asked == MySqlSslMode.Required ? "" : _authority.CaFile));
            Assert.Equal(encrypted, trusting == "in");
            var doubting = await TryAsync(bed, b => (b.SslMode, b.SslCa) = (asked, asked == MySqlSslMode.Required ? "" : _other.CaFile));
            Assert.Equal(encrypted && asked == MySqlSslMode.Required, doubting == "in");
        }
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, "TLS 1.2", true)]
    [InlineData(TlsVersion.Tls12, "TLS 1.3", true)]
    [InlineData(TlsVersion.Tls13, "TLS 1.2", false)]
    [InlineData(TlsVersion.Tls13, "TLS 1.3", true)]
    public async Task The_oldest_version_of_tls_can_be_set(TlsVersion oldest, string offered, bool admitted)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.ClientTls.MinVersion = oldest);
        Assert.Equal(admitted, await TryAsync(bed, b => (b.SslMode, b.TlsVersion) = (MySqlSslMode.Required, offered)) == "in");
    }

    [Theory]
    [InlineData(ClientCertificateMode.None, "in", "in", "in")]
    [InlineData(ClientCertificateMode.Request, "in", "in", "1045")]
    [InlineData(ClientCertificateMode.Require, "1045", "in", "1045")]
    public async Task Client_certificates_are_asked_for_and_required(ClientCertificateMode mode, string without, string with, string wrong)
    {
        var (certificate, key) = _authority.Issue("client");
        var (strange, strangeKey) = _other.Issue("client");
        var (expired, expiredKey) = _authority.Issue("expired", TimeSpan.FromHours(-1));
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o =>
        {
            (o.ClientTls.Mode, o.ClientTls.ClientCertificates) = (ClientTlsMode.Required, mode);
            o.ClientTls.CaFile = mode == ClientCertificateMode.None ? null : _authority.CaFile;
        });
        foreach (var version in new[] { "TLS 1.2", "TLS 1.3" })
        {
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(without, await TryAsync(bed, b => (b.SslMode, b.TlsVersion) = (MySqlSslMode.Required, version)));
                Assert.Equal(with, await TryAsync(bed, b => (b.SslMode, b.TlsVersion, b.SslCert, b.SslKey) = (MySqlSslMode.Required, version, certificate, key)));
                Assert.Equal(wrong, await TryAsync(bed, b => (b.SslMode, b.TlsVersion, b.SslCert, b.SslKey) = (MySqlSslMode.Required, version, strange, strangeKey)));
                Assert.Equal(wrong, await TryAsync(bed, b => (b.SslMode, b.TlsVersion, b.SslCert, b.SslKey) = (MySqlSslMode.Required, version, expired, expiredKey)));
            }
        }
    }

    [Fact]
    public async Task A_changed_certificate_serves_new_connections_and_a_broken_one_does_not()
    {
        var (certificate, key) = _authority.Issue("proxy", null, "127.0.0.1");
        await using var bed = await TestBed.StartAsync(
            Flavor.MariaDb, o => (o.ClientTls.CertificateFile, o.ClientTls.KeyFile) = (certificate, key));
        Task<string> VerifyAsync(TestAuthority authority) =>
            TryAsync(bed, b => (b.SslMode, b.SslCa) = (MySqlSslMode.VerifyFull, authority.CaFile));
        Assert.Equal(("in", "no"), (await VerifyAsync(_authority), await VerifyAsync(_other)));
        await using var old = await bed.OpenAsync(b => b.SslMode = MySqlSslMode.Required);

        var (other, otherKey) = _other.Issue("proxy", null, "127.0.0.1");
        File.Copy(otherKey, key, overwrite: true);
        File.Copy(other, certificate, overwrite: true);
        await Eventually.IsTrueAsync(async () => await VerifyAsync(_other) == "in", () => "the new certificate is shown");
        Assert.Equal("no", await VerifyAsync(_authority));
        await old.ServerIdAsync();

        await File.WriteAllTextAsync(certificate, "-----BEGIN CERTIFICATE-----\nno\n", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(
            () => bed.Proxy.Log.Lines.Any(l => l.Text.Contains("can't be used, so that the old one stays", StringComparison.Ordinal)), "the broken file is named");
        Assert.Equal("in", await VerifyAsync(_other));
    }

    [Fact]
    public async Task When_certificates_expire_is_in_the_metrics_and_said_in_time()
    {
        var (certificate, key) = _authority.Issue("proxy", TimeSpan.FromDays(5), "127.0.0.1");
        await using var bed = await TestBed.StartAsync(
            Flavor.MariaDb, o => (o.ClientTls.CertificateFile, o.ClientTls.KeyFile) = (certificate, key));
        await using var session = await bed.OpenAsync();
        await session.ServerIdAsync();
        await Eventually.IsTrueAsync(
            () => bed.Proxy.Log.Lines.Any(l => l.Text.Contains("'CN=proxy' (clients: ", StringComparison.Ordinal) && l.Text.Contains("expires in 5.0 days", StringComparison.Ordinal)),
            "the certificate is named");

        var metrics = await MetricsAsync(bed);
        var shown = Assert.Single(metrics, m => m.Contains("side=\"clients\"", StringComparison.Ordinal));
        Assert.Contains($"source=\"{certificate}\",subject=\"CN=proxy\"", shown, StringComparison.Ordinal);
        var expiry = DateTimeOffset.FromUnixTimeSeconds(long.Parse(shown.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(expiry, DateTimeOffset.UtcNow.AddDays(4.9), DateTimeOffset.UtcNow.AddDays(5));
        Assert.Equal(3, metrics.Count(m => m.Contains("side=\"servers\",source=\"s", StringComparison.Ordinal)));

        // A renewed one takes the place of the old.
        _authority.Issue("proxy", TimeSpan.FromDays(100), "127.0.0.1");
        await Eventually.IsTrueAsync(
            async () => (await MetricsAsync(bed)).Count(m => m != shown && m.Contains("side=\"clients\"", StringComparison.Ordinal)) == 1, () => "the new date is published");
    }

    private static async Task<List<string>> MetricsAsync(TestBed bed)
    {
        var registry = Metrics.NewCustomRegistry();
        _ = new MetricsPublisher(bed.Proxy.Server, registry);
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return [.. System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n').Where(l => l.StartsWith("dbproxy_certificate_expiry", StringComparison.Ordinal))];
    }

    /// <summary>"in", the error's number, or "no" where there was no such thing as an error packet.</summary>
    private static async Task<string> TryAsync(TestBed bed, Action<MySqlConnectionStringBuilder> change)
    {
        try
        {
            await using var session = await bed.OpenAsync(change);
            await session.ServerIdAsync();
            return "in";
        }
        catch (MySqlException e)
        {
            return e.Number is > 1042 and < 2000 or > 3000 ? e.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "no";
        }
    }
}
