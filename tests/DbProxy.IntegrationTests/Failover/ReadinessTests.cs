using System.Net;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>A proxy leaves the front end before it stops.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task A_stopped_proxy_drains_out_of_the_front_end_and_no_new_client_fails()
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        (string, string)[] patient = [("DBPROXY_MONITOR__TIMEOUT", "30s"), ("DBPROXY_MONITOR__CONNECTTIMEOUT", "30s")];
        await using var first = await ProxyProcess.StartAsync(cluster, [("DBPROXY_LIMITS__READINESSDELAY", "15s"), .. patient]);
        await using var second = await ProxyProcess.StartAsync(cluster, patient);
        await using var balancer = new Balancer(
            new()
            {
                Frontends = [new() { Name = "mysql", Backend = "proxies", Listen = [new(IPAddress.Loopback, 0)] }],
                // No second try, which would hide a listener that closes too early.
                Backends = [new() { Name = "proxies", Retries = 0, Servers = [Server("first", first), Server("second", second)] }],
            },
            NullLoggerFactory.Instance);
        await balancer.StartAsync();
        var port = balancer.Frontends[0].EndPoints.First().Port;
        var servers = balancer.Backends["proxies"].Servers;
        using var done = new CancellationTokenSource();
        var check = WatchAsync();
        var clients = Enumerable.Range(0, 6).Select(i => Task.Run(() => i < 4 ? ConnectAgainAsync(port, done.Token) : StayAsync(port, done.Token))).ToList();
        await Eventually.IsTrueAsync(() => servers.All(s => s.Counters.Sessions > 10), "both have work");
        first.Stop();
        await first.UntilAsync(async () => await first.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable, "it is not ready");
        Assert.Equal(0, await first.ExitCodeAsync(TimeSpan.FromMinutes(2)));
        var served = servers[1].Counters.Sessions;
        await Eventually.IsTrueAsync(() => servers[1].Counters.Sessions > served + 10, "the other one goes on");
        await done.CancelAsync();
        var ends = await Task.WhenAll(clients);
        Assert.Equal([0, 0, 0, 0], ends[..4]);
        // Who stays connected loses one session at most, with its proxy.
        Assert.All(ends[4..], e => Assert.InRange(e, 0, 1));
        await check;

        // What a front end's http check does, but for one of the two only: on a busy machine it could take both out.
        async Task WatchAsync()
        {
            while (!done.IsCancellationRequested && await first.StatusAsync("/readyz") != HttpStatusCode.ServiceUnavailable)
                await Task.Delay(50);
            servers[0].SetHealth(false, "as /readyz says");
        }
    }

    private static ServerConfig Server(string name, ProxyProcess proxy) => new() { Name = name, Host = "127.0.0.1", Port = proxy.Port };

    /// <summary>One session after the other; how many failed.</summary>
    private static async Task<int> ConnectAgainAsync(int port, CancellationToken done)
    {
        var failed = 0;
        while (!done.IsCancellationRequested)
            failed += await TryAsync(port, statements: 1, default);
        return failed;
    }

    /// <summary>One session as long as it goes; how many ended by themselves.</summary>
    private static async Task<int> StayAsync(int port, CancellationToken done)
    {
        var ended = 0;
        while (!done.IsCancellationRequested)
            ended += await TryAsync(port, int.MaxValue, done);
        return ended;
    }

    private static async Task<int> TryAsync(int port, int statements, CancellationToken done)
    {
        try
        {
            await using var session = await ConnectAsync(port);
            for (var i = 0; i < statements && !done.IsCancellationRequested; i++)
                await session.ServerIdAsync();
            return 0;
        }
        catch (MySqlException)
        {
            return 1;
        }
    }

    private static async Task<MySqlConnection> ConnectAsync(int port)
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        var session = new MySqlConnection(
            $"Server=127.0.0.1;Port={port};User ID={cluster.App.User};Password={cluster.App.Password};Pooling=false;Connection Timeout=30;SslMode=None;AllowPublicKeyRetrieval=true");
        try
        {
            await session.OpenAsync();
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
