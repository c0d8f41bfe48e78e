using System.Net;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Reloading;

/// <summary>Another configuration for the MySQL side. One kind of server suffices: it has no part in it.</summary>
public sealed class MySqlReloadTests
{
    [Fact]
    public async Task Listeners_come_and_go_and_their_sessions_stay()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        await using var session = await bed.OpenAsync();
        var (first, second) = (bed.Proxy.Port, ProxyProcess.FreePort());
        Assert.True((await bed.Proxy.ReloadAsync(o => o.Listen = ["127.0.0.1:0", $"127.0.0.1:{second}"])).Applied);
        await using (var another = await bed.OpenAsync(c => c.Port = (uint)second))
            Assert.NotEqual(0, await another.ServerIdAsync());
        await using (var known = await bed.OpenAsync(c => c.Port = (uint)first))
            Assert.NotEqual(0, await known.ServerIdAsync());
        Assert.True((await bed.Proxy.ReloadAsync(o => o.Listen = [$"127.0.0.1:{second}"])).Applied);
        await TcpModeTests.AssertRefusedAsync(new(IPAddress.Loopback, first));
        Assert.NotEqual(0, await session.ServerIdAsync());
        using var taken = new EchoServer("taken");
        var refused = await bed.Proxy.ReloadAsync(o => o.Listen = [$"127.0.0.1:{taken.Port}"]);
        Assert.Equal($"Listen: can't listen on 127.0.0.1:{taken.Port}: Address already in use", Assert.Single(refused.Mistakes).ToString());
        await using var still = await bed.OpenAsync();
        Assert.Equal((second, bed.Proxy.Port), (bed.Proxy.Port, second));
    }

    [Fact]
    public async Task Tls_for_clients_changes_for_those_who_come_later()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        await using var plain = await bed.OpenAsync();
        Assert.Empty((await bed.Proxy.ReloadAsync(o => o.ClientTls.Mode = ClientTlsMode.Required)).NeedRestart);
        Assert.Equal(3159, (await Assert.ThrowsAsync<MySqlException>(() => bed.OpenAsync())).Number);
        await using (var encrypted = await bed.OpenAsync(c => c.SslMode = MySqlSslMode.Required))
            Assert.NotEqual(0, await encrypted.ServerIdAsync());
        Assert.NotEqual(0, await plain.ServerIdAsync());
        Assert.True((await bed.Proxy.ReloadAsync(o => o.ClientTls.Mode = ClientTlsMode.Disabled)).Applied);
        await Assert.ThrowsAsync<MySqlException>(() => bed.OpenAsync(c => c.SslMode = MySqlSslMode.Required));
        await using var again = await bed.OpenAsync();
    }

    [Theory, EachFlavor]
    public async Task Tls_towards_the_servers_changes_and_connections_of_before_end_with_their_use(Flavor flavor)
    {
        const string Cipher = "/* dbproxy:primary */ SHOW SESSION STATUS LIKE 'Ssl_cipher'";
        await using var bed = await TestBed.StartAsync(flavor, o => o.ServerTls.Mode = ServerTlsMode.Disabled, "CREATE TABLE t (id INT PRIMARY KEY)");
        await using var running = await bed.OpenAsync();
        await using var session = await bed.OpenAsync();
        await running.RunAsync("BEGIN", "INSERT INTO t VALUES (1)");
        // Behind it the session holds the connection.
        await session.RunAsync("INSERT INTO t VALUES (2)");
        Assert.Empty((await bed.Proxy.ReloadAsync(o => o.ServerTls.Mode = ServerTlsMode.Required)).NeedRestart);
        Assert.NotEqual("Ssl_cipher|", Assert.Single(await session.RowsAsync(Cipher)));
        Assert.Equal("Ssl_cipher|", Assert.Single(await running.RowsAsync(Cipher)));
        await running.RunAsync("COMMIT");
        Assert.NotEqual("Ssl_cipher|", Assert.Single(await running.RowsAsync(Cipher)));
        var refused = await bed.Proxy.ReloadAsync(o => (o.ServerTls.Mode, o.ServerTls.CaFile) = (ServerTlsMode.VerifyCa, "/nowhere.pem"));
        Assert.StartsWith("ServerTls.CaFile: ", Assert.Single(refused.Mistakes).ToString(), StringComparison.Ordinal);
        Assert.NotEqual("Ssl_cipher|", Assert.Single(await running.RowsAsync(Cipher)));
    }

    [Fact]
    public async Task Weights_the_servers_version_and_monitoring_change()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        Assert.Empty((await bed.Proxy.ReloadAsync(o =>
        {
            o.Servers[1].Weight = 5;
            (o.ServerVersion, o.Monitor.User, bed.Proxy.ErrorsAreBugs) = ("10.11.99-MariaDB", "nobody", false);
        })).NeedRestart);
        Assert.Equal(5, bed.Proxy.Server.Topology.Servers[1].Weight);
        await using (var session = await bed.OpenAsync())
            Assert.Equal("10.11.99-MariaDB", session.ServerVersion);
        await bed.Proxy.ReloadAsync(o => o.Monitor.Interval = TimeSpan.FromMilliseconds(50));
    }
}
