using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static DbProxy.IntegrationTests.LoadBalancer.EchoClient;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>Another configuration while clients are there.</summary>
public sealed class ReloadTests
{
    private static readonly HealthCheckConfig _fast = new()
    {
        Interval = TimeSpan.FromMilliseconds(100), FastInterval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(5), Fall = 1,
    };

    [Fact]
    public async Task Servers_come_go_and_change_and_sessions_stay()
    {
        using EchoServer a = new("a"), b = new("b"), c = new("c");
        var config = Config(Backend(a, b));
        await using var balancer = await StartAsync(config);
        using EchoClient first = await EchoClient.ConnectAsync(At(balancer)), second = await EchoClient.ConnectAsync(At(balancer));
        var (backend, frontend, stays) = (balancer.Backends["b"], balancer.Frontends[0], balancer.Backends["b"].Servers[1]);
        await balancer.ApplyAsync(Config(Backend(b, c) with { Servers = [Server(b) with { Weight = 3 }, Server(c)] }));
        Assert.Equal(("still here", "so am I"), (await first.EchoAsync("still here"), await second.EchoAsync("so am I")));
        Assert.Equal((backend, frontend, stays), (balancer.Backends["b"], balancer.Frontends[0], balancer.Backends["b"].Servers[0]));
        Assert.Equal((1, 3, 1L), (stays.ActiveConnections, stays.Config.Weight, stays.Counters.Sessions));
        Assert.Equal(["b", "b", "b", "c"], (await AskAsync(balancer, 4)).Order());
    }

    [Fact]
    public async Task What_an_operator_changed_stays_until_the_file_says_something_else_of_it()
    {
        using EchoServer a = new("a"), b = new("b"), c = new("c");
        var config = Config(Backend(a, b));
        await using var balancer = await StartAsync(config);
        var backend = balancer.Backends["b"];
        backend.Servers[0].Config = backend.Servers[0].Config with { Weight = 7 };
        backend.Servers[1].SetAdmin(AdminState.Drain, "an operator");
        Assert.NotNull(backend.Add(Server(c)));
        await balancer.ApplyAsync(Config(Backend(a, b) with { Retries = 1, Servers = [Server(a) with { MaxConnections = 9 }, Server(b)] }));
        Assert.Equal((1, 7, 9), (backend.Config.Retries, backend.Servers[0].Config.Weight, backend.Servers[0].Config.MaxConnections));
        Assert.Equal((AdminState.Drain, "c"), (backend.Servers[1].Status.Admin, backend.Servers[2].Name));
        Assert.True(backend.Remove("b"));
        await balancer.ApplyAsync(Config(Backend(a, b) with { Servers = [Server(a) with { Weight = 2 }, Server(b)] }));
        Assert.Equal(["a", "c"], backend.Servers.Select(s => s.Name));
        Assert.Equal(2, backend.Servers[0].Config.Weight);
    }

    [Fact]
    public async Task A_listener_that_cannot_be_had_refuses_all_of_it()
    {
        using EchoServer a = new("a"), b = new("b");
        await using var balancer = await StartAsync(Config(Backend(a)));
        using var client = await EchoClient.ConnectAsync(At(balancer));
        var free = FreePort();
        var wrong = Config(Backend(b), Frontend(free) with { Name = "new" }, Frontend(b.Port) with { Name = "taken" });
        var mistake = await Assert.ThrowsAsync<BalancerException>(() => balancer.ApplyAsync(wrong));
        Assert.Contains($"frontend taken can't listen on 127.0.0.1:{b.Port}: Address already in use", mistake.Message);
        Assert.Equal("f", Assert.Single(balancer.Frontends).Config.Name);
        await AssertRefusedAsync(free);
        Assert.Equal("a", Assert.Single(balancer.Backends["b"].Servers).Name);
        Assert.Equal(("here", "a"), (await client.EchoAsync("here"), await EchoClient.AskAsync(At(balancer))));
        await balancer.ApplyAsync(Config(Backend(b)));
        Assert.Equal("b", await EchoClient.AskAsync(At(balancer)));
    }

    [Fact]
    public async Task Addresses_open_and_close_and_vanished_ones_keep_their_sessions()
    {
        using var a = new EchoServer("a");
        var (first, second) = (FreePort(), FreePort());
        await using var balancer = await StartAsync(Config(Backend(a), Frontend(first)));
        using var client = await EchoClient.ConnectAsync(new(IPAddress.Loopback, first));
        await balancer.ApplyAsync(Config(Backend(a), Frontend(second) with { MaxConnections = 50 }));
        await AssertRefusedAsync(first);
        Assert.Equal(("here", "a"), (await client.EchoAsync("here"), await EchoClient.AskAsync(new(IPAddress.Loopback, second))));
        await balancer.ApplyAsync(Config(Backend(a)) with { Frontends = [] });
        await AssertRefusedAsync(second);
        Assert.Equal("still here", await client.EchoAsync("still here"));
        var drain = balancer.DrainAsync(default);
        client.Dispose();
        await drain.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_address_goes_from_one_frontend_to_another_without_a_refused_client()
    {
        using var a = new EchoServer("a");
        var port = FreePort();
        await using var balancer = await StartAsync(Config(Backend(a), Frontend(port)));
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var served = 0;
            for (; !stop.IsCancellationRequested; served++)
                Assert.Equal("a", await EchoClient.AskAsync(new(IPAddress.Loopback, port)));
            return served;
        })).ToList();
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(10);
            await balancer.ApplyAsync(Config(Backend(a), Frontend(port) with { Name = $"f{i % 2}" }));
        }
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(asking), served => Assert.NotEqual(0, served));
    }

    [Fact]
    public async Task Rules_and_limits_change_and_unchanged_rules_keep_their_counts()
    {
        using var a = new EchoServer("a");
        AccessRule Deny(string network) => new($"not {network}", AccessAction.Deny, new() { Sources = [IPNetwork.Parse(network)] });
        var port = FreePort();
        await using var balancer = await StartAsync(Config(Backend(a), Frontend(port) with { Access = [Deny("127.0.0.9/32")] }));
        var (nine, eight) = (IPAddress.Parse("127.0.0.9"), IPAddress.Parse("127.0.0.8"));
        Assert.Equal((null, "a"), (await EchoClient.AskAsync(At(balancer), nine), await EchoClient.AskAsync(At(balancer), eight)));
        await balancer.ApplyAsync(Config(Backend(a), Frontend(port) with { MaxConnections = 1, Access = [Deny("127.0.0.8/32"), Deny("127.0.0.9/32")] }));
        Assert.Equal((null, null), (await EchoClient.AskAsync(At(balancer), nine), await EchoClient.AskAsync(At(balancer), eight)));
        Assert.Equal([1L, 2L], balancer.Frontends[0].Config.Access.Select(r => r.Hits));
        var first = await EchoClient.ConnectAsync(At(balancer));
        var second = EchoClient.ConnectAsync(At(balancer));
        await balancer.ApplyAsync(Config(Backend(a), Frontend(port) with { MaxConnections = 2 }));
        Assert.Equal("a", (await second).Server);
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task Checks_begin_change_and_end()
    {
        var a = new EchoServer("a");
        using var b = new EchoServer("b");
        await using var balancer = await StartAsync(Config(Backend(a, b)));
        var server = balancer.Backends["b"].Servers[0];
        a.Dispose();
        await balancer.ApplyAsync(Config(Backend(a, b) with { Check = _fast }));
        await Eventually.IsTrueAsync(() => !server.Status.IsUp, () => server.Status.ToString());
        await balancer.ApplyAsync(Config(Backend(a, b) with { Check = _fast with { Port = b.Port } }));
        await Eventually.IsTrueAsync(() => server.Status.IsUp, () => server.Status.ToString());
        await balancer.ApplyAsync(Config(Backend(a, b) with { Check = _fast }));
        await Eventually.IsTrueAsync(() => !server.Status.IsUp, () => server.Status.ToString());
        await balancer.ApplyAsync(Config(Backend(a, b)));
        Assert.True(server.Status is { IsUp: true, Reason: "not checked any more" });
        Assert.Same(server, balancer.Backends["b"].Servers[0]);
    }

    [Fact]
    public async Task In_http_mode_too_connections_live_through_other_rules_limits_and_addresses()
    {
        await using var server = await TestServer.StartAsync("a");
        var (kept, left, added) = (FreePort(), FreePort(), FreePort());
        await using var balancer = await StartAsync(Web(server, new(), kept, left));
        await using var connection = await ConnectAsync(left);
        async Task<string> AskAsync(string path = "/echo")
        {
            await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
            return (await connection.ReadUntilAsync("\r\n\r\n"))[..12];
        }
        Assert.Equal("HTTP/1.1 200", await AskAsync());
        await balancer.ApplyAsync(Web(server, new()
        {
            Answers = [new() { Name = "gone", Match = new() { PathPrefixes = ["/gone"] }, Status = 410 }], Limits = new() { MaxHeaderCount = 3 },
        }, kept, added));
        Assert.Equal(("HTTP/1.1 200", "HTTP/1.1 410"), (await AskAsync(), await AskAsync("/gone")));
        await AssertRefusedAsync(left);
        await using var later = await ConnectAsync(added);
        await later.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", await later.ReadUntilAsync("\r\n\r\n"));
        Assert.Equal(2, balancer.Frontends[0].Counters.Accepted);
    }

    [Fact]
    public async Task Tls_is_switched_on_while_a_request_is_under_way()
    {
        await using var server = await TestServer.StartAsync("a");
        var port = FreePort();
        var config = Web(server, new(), port);
        await using var balancer = await StartAsync(config);
        await using var running = await ConnectAsync(port);
        await running.SendAsync("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n");
        await server.Reached.WaitAsync();
        await balancer.ApplyAsync(config with { Frontends = [config.Frontends[0] with { Tls = new() }] });
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } });
        Assert.StartsWith("a", await client.GetStringAsync($"https://127.0.0.1:{port}/name"));
        server.Gate.Release();
        Assert.Contains("second", await running.ReadToEndAsync());
        Assert.Equal(2, balancer.Frontends[0].Counters.Accepted);
    }

    private static BalancerConfig Config(BackendConfig backend, params FrontendConfig[] frontends) =>
        new() { Frontends = frontends.Length == 0 ? [Frontend(0)] : [.. frontends], Backends = [backend] };

    private static BalancerConfig Web(TestServer server, HttpConfig http, params int[] ports) => new()
    {
        Frontends =
        [
            new() { Name = "web", Mode = FrontendMode.Http, Http = http, Backend = "b", Listen = [.. ports.Select(p => new IPEndPoint(IPAddress.Loopback, p))] },
        ],
        Backends = [new() { Name = "b", Servers = [HttpBed.Server(server)] }],
    };

    private static FrontendConfig Frontend(int port) => new() { Name = "f", Backend = "b", Listen = [new(IPAddress.Loopback, port)] };

    private static BackendConfig Backend(params EchoServer[] servers) => new() { Name = "b", Servers = [.. servers.Select(Server)] };

    private static ServerConfig Server(EchoServer server) => new() { Name = server.Name, Host = "127.0.0.1", Port = server.Port };

    private static async Task<Balancer> StartAsync(BalancerConfig config)
    {
        var balancer = new Balancer(config, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        return balancer;
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket, ownsSocket: true);
    }

    private static Task AssertRefusedAsync(int port) => TcpModeTests.AssertRefusedAsync(new(IPAddress.Loopback, port));

    private static int FreePort() => Failover.ProxyProcess.FreePort();
}
