using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.Logins;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>MySQL checks of real servers, by their certificates and through what a backend's connections begin with.</summary>
public sealed class MySqlCheckTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory, EachFlavor]
    public async Task The_server_s_certificate_is_checked_as_the_mode_says(Flavor flavor)
    {
        var cluster = await Clusters.SharedAsync(flavor);
        var own = cluster.Primary.CertificateAuthorityPath;
        foreach (var (mode, authority, result) in new[]
        {
            (MySqlSslMode.None, null, "logged in"), (MySqlSslMode.Preferred, null, "logged in"), (MySqlSslMode.Required, null, "logged in"),
            (MySqlSslMode.VerifyCA, own, "logged in"), (MySqlSslMode.VerifyCA, _authority.CaFile, "no known authority vouches for its certificate"),
            // The certificate that MySQL makes for itself names nobody.
            (MySqlSslMode.VerifyFull, own, flavor == Flavor.MySql ? "its certificate does not name 127.0.0.1" : "logged in"),
        })
        {
            var check = await CheckAsync(Check(cluster.App) with { TlsMode = mode, CaFile = authority }, cluster.Primary.Port);
            Assert.Equal((result == "logged in", result), (check.IsGood, check.Detail));
        }
    }

    [Fact]
    public async Task Authorities_may_change_while_it_runs()
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        var file = Path.Combine(Path.GetDirectoryName(_authority.CaFile)!, "changing.pem");
        File.Copy(_authority.CaFile, file);
        using var backend = Backend(cluster.Primary.Port);
        var probe = new MySqlProbe(backend, Check(cluster.App) with { TlsMode = MySqlSslMode.VerifyCA, CaFile = file });
        Assert.False((await probe.CheckAsync(backend.Config.Servers[0], TestContext.Current.CancellationToken)).IsGood);
        File.Copy(cluster.Primary.CertificateAuthorityPath, file, overwrite: true);
        Assert.True((await probe.CheckAsync(backend.Config.Servers[0], TestContext.Current.CancellationToken)).IsGood);
    }

    [Theory]
    [InlineData(ProxyHeaderVersion.V1)]
    [InlineData(ProxyHeaderVersion.V2)]
    public async Task A_check_sends_the_header_that_clients_connections_send(ProxyHeaderVersion version)
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        var (certificate, key) = _authority.Issue("proxy", null, "127.0.0.1");
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, o =>
        {
            o.ProxyProtocol.TrustedNetworks = ["127.0.0.1/32"];
            (o.ClientTls.Mode, o.ClientTls.CertificateFile, o.ClientTls.KeyFile) = (ClientTlsMode.Required, certificate, key);
        });
        var config = Check(cluster.App) with { TlsMode = MySqlSslMode.VerifyFull, CaFile = _authority.CaFile };
        var check = await CheckAsync(config, proxy.Port, version);
        Assert.Equal((true, "logged in"), (check.IsGood, check.Detail));
        Assert.Equal((1, 0), (proxy.Context.Counters.ProxyHeadersAccepted, proxy.Context.Counters.ProxyHeadersRefused));
        await Eventually.IsTrueAsync(() => proxy.Context.Sessions.Count == 0, "the check's session has ended");
        check = await CheckAsync(config with { CaFile = cluster.Primary.CertificateAuthorityPath }, proxy.Port, version);
        Assert.Equal((false, "no known authority vouches for its certificate"), (check.IsGood, check.Detail));
    }

    private static HealthCheckConfig Check(ClusterAccount account) => new() { Kind = CheckKind.MySql, User = account.User, Password = account.Password };

    private static Backend Backend(int port, ProxyHeaderVersion header = ProxyHeaderVersion.None) =>
        new(new() { Name = "b", SendProxy = header, Servers = [new() { Name = "s", Host = "127.0.0.1", Port = port }] });

    private static async Task<CheckResult> CheckAsync(HealthCheckConfig config, int port, ProxyHeaderVersion header = ProxyHeaderVersion.None)
    {
        using var backend = Backend(port, header);
        return await new MySqlProbe(backend, config).CheckAsync(backend.Config.Servers[0], TestContext.Current.CancellationToken);
    }
}
