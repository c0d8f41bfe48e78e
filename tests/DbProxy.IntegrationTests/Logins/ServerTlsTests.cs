using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>TLS between the proxy and real servers with certificates of an authority of the test's own.</summary>
public sealed class ServerTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("other authority");

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory, EachFlavor]
    public async Task The_servers_certificate_is_checked_as_the_mode_says(Flavor flavor)
    {
        await using var named = await StartAsync(flavor, "localhost", "127.0.0.1");
        foreach (var (mode, authority, cipher) in new[]
            {
                (ServerTlsMode.Disabled, null, false), (ServerTlsMode.Preferred, null, true), (ServerTlsMode.Required, null, true),
                (ServerTlsMode.VerifyCa, _authority, true), (ServerTlsMode.VerifyFull, _authority, true),
            })
        {
            await using var proxy = await ProxyUnderTest.StartAsync(named, Patient(o => (o.ServerTls.Mode, o.ServerTls.CaFile) = (mode, authority?.CaFile)));
            await using var session = await proxy.OpenAsync();
            Assert.Equal(cipher, (await session.RowsAsync("SHOW SESSION STATUS LIKE 'Ssl_cipher'"))[0].Split('|')[1].Length > 0);
        }

        foreach (var mode in new[] { ServerTlsMode.VerifyCa, ServerTlsMode.VerifyFull })
        {
            Assert.Contains("certificate", await DownReasonAsync(named, o => (o.ServerTls.Mode, o.ServerTls.CaFile) = (mode, _other.CaFile)), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, EachFlavor]
    public async Task A_certificate_of_another_name_is_good_for_verify_ca_only(Flavor flavor)
    {
        await using var strange = await StartAsync(flavor, "db.example");
        await using (var proxy = await ProxyUnderTest.StartAsync(strange, Patient(o => (o.ServerTls.Mode, o.ServerTls.CaFile) = (ServerTlsMode.VerifyCa, _authority.CaFile))))
        {
            await (await proxy.OpenAsync()).DisposeAsync();
        }

        await DownReasonAsync(strange, o => (o.ServerTls.Mode, o.ServerTls.CaFile) = (ServerTlsMode.VerifyFull, _authority.CaFile));
    }

    [Theory, EachFlavor]
    public async Task The_oldest_version_of_tls_can_be_set(Flavor flavor)
    {
        foreach (var (server, oldest, connects) in new[] { ("TLSv1.2", TlsVersion.Tls12, true), ("TLSv1.2", TlsVersion.Tls13, false), ("TLSv1.3", TlsVersion.Tls13, true) })
        {
            await using var cluster = await Clusters.StartOwnAsync(flavor, new() { Replicas = 0, ExtraArguments = [$"--tls-version={server}"] });
            void Configure(ProxyOptions o) => (o.ServerTls.Mode, o.ServerTls.MinVersion) = (ServerTlsMode.Required, oldest);
            if (!connects)
            {
                await DownReasonAsync(cluster, Configure);
                continue;
            }

            await using var proxy = await ProxyUnderTest.StartAsync(cluster, Patient(Configure));
            await using var session = await proxy.OpenAsync();
            Assert.Equal(server, (await session.RowsAsync("SHOW SESSION STATUS LIKE 'Ssl_version'"))[0].Split('|')[1]);
        }
    }

    [Theory, EachFlavor]
    public async Task Accounts_that_require_tls_or_a_certificate_are_served_where_the_proxy_has_it(Flavor flavor)
    {
        await using var cluster = await StartAsync(flavor, "localhost", "127.0.0.1");
        await cluster.ExecuteAsync(
            cluster.Primary,
            [
                "CREATE USER 'tls'@'%' IDENTIFIED BY 'x' REQUIRE SSL", "GRANT ALL ON app.* TO 'tls'@'%'",
                "CREATE USER 'known'@'%' IDENTIFIED BY 'x' REQUIRE X509", "GRANT ALL ON app.* TO 'known'@'%'",
                "CREATE USER 'named'@'%' IDENTIFIED BY 'x' REQUIRE SUBJECT '/CN=proxy'", "GRANT ALL ON app.* TO 'named'@'%'",
            ]);
        var (certificate, key) = _authority.Issue("proxy");
        foreach (var (mode, shows, admitted) in new[]
            {
                (ServerTlsMode.Disabled, false, ""), (ServerTlsMode.Required, false, "tls"), (ServerTlsMode.Required, true, "tls known named"),
            })
        {
            await using var proxy = await ProxyUnderTest.StartAsync(cluster, Patient(o =>
            {
                o.ServerTls.Mode = mode;
                (o.ServerTls.CertificateFile, o.ServerTls.KeyFile) = shows ? (certificate, key) : (null, null);
            }));
            foreach (var user in new[] { "tls", "known", "named" })
            {
                await using var client = await RawClient.ConnectAsync(proxy.Port, Accounts.Login(new(user, "x"), "app"));
                await using var direct = await RawClient.ConnectAsync(cluster.Primary.Port, Accounts.Login(new(user, "x"), "app"));
                Assert.Equal(1045, direct.LoginError!.Code);
                Assert.Equal(admitted.Contains(user, StringComparison.Ordinal) ? null : direct.LoginError.ToString(), client.LoginError?.ToString());
            }
        }
    }

    [Theory, EachFlavor]
    public async Task A_changed_authority_counts_for_new_connections(Flavor flavor)
    {
        await using var cluster = await StartAsync(flavor, "localhost", "127.0.0.1");
        var file = Path.GetTempFileName();
        try
        {
            File.Copy(_authority.CaFile, file, overwrite: true);
            await using var proxy = await ProxyUnderTest.StartAsync(cluster, Patient(o =>
            {
                (o.ServerTls.Mode, o.ServerTls.CaFile) = (ServerTlsMode.VerifyCa, file);
                (o.Limits.CredentialRecheck, o.Pool.MaxIdle) = (TimeSpan.Zero, 0);
            }));
            await (await proxy.OpenAsync()).DisposeAsync();
            File.Copy(_other.CaFile, file, overwrite: true);
            await Eventually.IsTrueAsync(async () => !await LogsInAsync(), () => "the server's certificate is refused");
            File.Copy(_authority.CaFile, file, overwrite: true);
            await Eventually.IsTrueAsync(LogsInAsync, () => "the server's certificate is accepted again");

            async Task<bool> LogsInAsync()
            {
                await using var client = await RawClient.ConnectAsync(proxy.Port, Accounts.Login(cluster.App with { Password = "wrong" }, "app"));
                // Only where a server can be asked is the password judged.
                return client.LoginError!.Code == 1045;
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<ReplicationCluster> StartAsync(Flavor flavor, params string[] names)
    {
        var (certificate, key) = _authority.Issue("server", null, names);
        return Clusters.StartOwnAsync(
            flavor, new() { Replicas = 0, ExtraArguments = [$"--ssl-ca={_authority.CaFile}", $"--ssl-cert={certificate}", $"--ssl-key={key}"] });
    }

    /// <summary>A busy machine is no server that is down: TLS takes its time.</summary>
    private static Action<ProxyOptions> Patient(Action<ProxyOptions> configure) => o =>
    {
        (o.Monitor.ConnectTimeout, o.Monitor.Timeout, o.Pool.ConnectTimeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        configure(o);
    };

    /// <summary>Starts a proxy that can't reach its server; says why, as the monitor does.</summary>
    private static async Task<string> DownReasonAsync(ReplicationCluster cluster, Action<ProxyOptions> configure)
    {
        var options = new ProxyOptions
        {
            Listen = ["127.0.0.1:0"], Servers = [new() { Address = $"127.0.0.1:{cluster.Primary.Port}" }],
            Monitor = { User = cluster.Monitor.User, Password = cluster.Monitor.Password, Interval = TimeSpan.FromMilliseconds(100) },
            Limits = { DrainTimeout = TimeSpan.Zero },
        };
        configure(options);
        var log = new ProxyLog();
        await using var server = new Core.ProxyServer(new ConfigStore(ProxyConfig.From(options)), log);
        await server.StartAsync(TestContext.Current.CancellationToken);
        Assert.Null(server.Topology.Current.Primary);
        await using var client = await RawClient.ConnectAsync(server.EndPoints[0].Port, Accounts.Login(cluster.App, "app"));
        Assert.Equal(1429, client.LoginError!.Code);
        return string.Join('\n', log.Lines.Select(l => l.Text));
    }
}
