using System.Net;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static DbProxy.IntegrationTests.LoadBalancer.EchoClient;

namespace DbProxy.IntegrationTests.LoadBalancer;

public sealed class TcpModeTests
{
    private static readonly HealthCheckConfig _fast = new()
    {
        Interval = TimeSpan.FromMilliseconds(100), FastInterval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(5),
    };

    [Fact]
    public async Task Bytes_pass_both_ways_and_each_side_may_end_alone()
    {
        using var server = new EchoServer("a");
        await using var balancer = await StartAsync(Backend([server]));
        using var client = await EchoClient.ConnectAsync(At(balancer));
        Assert.Equal("hello", await client.EchoAsync("hello"));
        Assert.Equal(64L * 1_000_003, await client.SendAllAsync(new byte[1_000_003], 64));
        await Eventually.IsTrueAsync(() => balancer.Frontends[0].Counters.BytesOut > 64_000_000, () => "the session's bytes are counted");
        Assert.Equal(0, balancer.Frontends[0].Counters.Active);
    }

    [Fact]
    public async Task A_slow_reader_slows_the_server_instead_of_filling_memory()
    {
        using var server = new EchoServer("a");
        await using var balancer = await StartAsync(Backend([server]));
        using var client = await EchoClient.ConnectAsync(At(balancer));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var block = new byte[1 << 20];
        var sent = 0;
        // Nobody reads: the sender must be stopped by the network's buffers alone.
        while (sent < 1_000 && client.Socket.Poll(TimeSpan.FromSeconds(1), System.Net.Sockets.SelectMode.SelectWrite))
        {
            client.Socket.Blocking = false;
            try
            {
                client.Socket.Send(block);
            }
            catch (System.Net.Sockets.SocketException)
            {
            }
            sent++;
        }
        Assert.InRange(sent, 1, 999);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);
    }

    [Fact]
    public async Task Sessions_are_spread_and_one_of_two_dead_servers_costs_none()
    {
        using var a = new EchoServer("a");
        var b = new EchoServer("b");
        await using var balancer = await StartAsync(Backend([a, b]));
        Assert.Equal(["a", "b", "a", "b"], await AskAsync(balancer, 4));
        b.Dispose();
        Assert.All(await AskAsync(balancer, 10), name => Assert.Equal("a", name));
        Assert.True(balancer.Backends["b"].Servers[1].Counters.Redispatches > 0);
    }

    [Fact]
    public async Task Each_try_goes_to_a_server_that_has_not_failed_yet()
    {
        var dead = new[] { new EchoServer("a"), new EchoServer("b"), new EchoServer("c") };
        using var alive = new EchoServer("d");
        await using var balancer = await StartAsync(Backend([.. dead, alive]) with { Balance = "first", Retries = 3 });
        foreach (var server in dead)
            server.Dispose();
        Assert.All(await AskAsync(balancer, 5), name => Assert.Equal("d", name));
        Assert.All(balancer.Backends["b"].Servers[..3], s => Assert.Equal((5, 5), (s.Counters.ConnectErrors, s.Counters.Redispatches)));
    }

    [Fact]
    public async Task A_backup_takes_over_when_the_checks_find_the_others_dead_and_gives_back()
    {
        var a = new EchoServer("a");
        using var spare = new EchoServer("spare");
        var config = Backend([a, spare]) with { Check = _fast };
        await using var balancer = await StartAsync(config with { Servers = [config.Servers[0], config.Servers[1] with { IsBackup = true }] });
        Assert.All(await AskAsync(balancer, 4), name => Assert.Equal("a", name));
        a.Dispose();
        var server = balancer.Backends["b"].Servers[0];
        await Eventually.IsTrueAsync(() => !server.Status.IsUp, () => server.Status.ToString());
        Assert.Contains("checks failed", server.Status.Reason);
        Assert.All(await AskAsync(balancer, 4), name => Assert.Equal("spare", name));
        using var again = new EchoServer("a", a.Port);
        await Eventually.IsTrueAsync(() => server.Status.IsUp, () => server.Status.ToString());
        Assert.All(await AskAsync(balancer, 4), name => Assert.Equal("a", name));
        Assert.True(server.DownTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_draining_server_keeps_its_sessions_and_one_that_goes_down_loses_them_where_asked()
    {
        using var a = new EchoServer("a");
        using var b = new EchoServer("b");
        await using var balancer = await StartAsync(Backend([a, b]) with { CloseWhenDown = true });
        using var client = await EchoClient.ConnectAsync(At(balancer));
        var server = balancer.Backends["b"].Servers.Single(s => s.Name == client.Server);
        server.SetAdmin(AdminState.Drain, "an operator");
        Assert.All(await AskAsync(balancer, 4), name => Assert.NotEqual(client.Server, name));
        Assert.Equal("still here", await client.EchoAsync("still here"));
        server.SetHealth(false, "dead");
        await client.AssertClosedAsync();
    }

    [Fact]
    public async Task Beyond_a_server_s_limit_clients_wait_their_turn()
    {
        using var a = new EchoServer("a");
        var config = Backend([a]);
        await using var balancer = await StartAsync(config with { Servers = [config.Servers[0] with { MaxConnections = 2 }] });
        var clients = new List<EchoClient> { await EchoClient.ConnectAsync(At(balancer)), await EchoClient.ConnectAsync(At(balancer)) };
        var third = EchoClient.ConnectAsync(At(balancer));
        await Eventually.IsTrueAsync(() => balancer.Backends["b"].Queued == 1, () => "the third client waits");
        Assert.False(third.IsCompleted);
        clients[0].Dispose();
        using var served = await third;
        Assert.Equal("a", served.Server);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Beyond_the_limit_of_all_frontends_together_clients_wait_their_turn()
    {
        using var a = new EchoServer("a");
        var backend = Backend([a]);
        FrontendConfig Frontend(string name) => new() { Name = name, Backend = backend.Name, Listen = [new(IPAddress.IPv6Any, 0)] };
        var config = new BalancerConfig { MaxConnections = 2, Frontends = [Frontend("one"), Frontend("two"), Frontend("three")], Backends = [backend] };
        await using var balancer = new Balancer(config, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        var addresses = balancer.Frontends.Select(f => f.EndPoints.First()).ToList();
        var clients = new List<EchoClient> { await EchoClient.ConnectAsync(addresses[0]), await EchoClient.ConnectAsync(addresses[1]) };
        var third = EchoClient.ConnectAsync(addresses[2]);
        var fourth = EchoClient.ConnectAsync(addresses[0]);
        await Task.Delay(200);
        Assert.False(third.IsCompleted || fourth.IsCompleted);
        Assert.Equal(2, balancer.Frontends.Sum(f => f.Counters.Active));
        clients[0].Dispose();
        var served = await await Task.WhenAny(third, fourth);
        Assert.Equal("a", served.Server);
        await balancer.ApplyAsync(config with { MaxConnections = 3 });
        Assert.All(await Task.WhenAll(third, fourth), c => Assert.Equal("a", c.Server));
        clients.AddRange([await third, await fourth]);
        clients.ForEach(c => c.Dispose());
        await Eventually.IsTrueAsync(() => balancer.Frontends.Sum(f => f.Counters.Active) == 0, () => "all have left");
        using var last = await EchoClient.ConnectAsync(addresses[2]);
        Assert.Equal("a", last.Server);
    }

    [Fact]
    public async Task Rules_and_rates_refuse_by_source()
    {
        using var a = new EchoServer("a");
        await using var balancer = await StartAsync(Backend([a]), f => f with
        {
            Access =
            [
                new("friend", AccessAction.Allow, new() { Sources = [IPNetwork.Parse("127.0.0.2/32")] }),
                new("stranger", AccessAction.Deny, new() { Sources = [IPNetwork.Parse("127.0.0.3/32")] }),
                new("pest", AccessAction.SilentDrop, new() { Sources = [IPNetwork.Parse("127.0.0.4/32")] }),
            ],
            ConnectionRate = new RateLimitConfig { Permits = 3, Window = TimeSpan.FromMinutes(10) },
        });
        Assert.Equal("a", await EchoClient.AskAsync(At(balancer), IPAddress.Parse("127.0.0.2")));
        Assert.Null(await EchoClient.AskAsync(At(balancer), IPAddress.Parse("127.0.0.3")));
        // Where the process may, nothing at all is said; else the connection ends.
        var pest = EchoClient.AskAsync(At(balancer), IPAddress.Parse("127.0.0.4"));
        if (await Task.WhenAny(pest, Task.Delay(500)) == pest)
            Assert.Null(await pest);
        Assert.Equal([1L, 1L, 1L], balancer.Frontends[0].Config.Access.Select(r => r.Hits));
        for (var i = 0; i < 5; i++)
            Assert.Equal(i < 3 ? "a" : null, await EchoClient.AskAsync(At(balancer), IPAddress.Parse("127.0.0.5")));
        Assert.Equal("a", await EchoClient.AskAsync(At(balancer), IPAddress.Parse("127.0.0.6")));
        Assert.Equal((2, 2), (balancer.Frontends[0].Counters.Denied, balancer.Frontends[0].Counters.RateLimited));
    }

    [Fact]
    public async Task A_client_that_vanishes_and_one_that_is_silent_too_long_leave_nothing_behind()
    {
        using var a = new EchoServer("a");
        await using var balancer = await StartAsync(Backend([a]), f => f with { IdleTimeout = TimeSpan.FromMilliseconds(600) });
        using (var gone = await EchoClient.ConnectAsync(At(balancer)))
        {
            gone.Socket.LingerState = new(true, 0);
        }
        using var silent = await EchoClient.ConnectAsync(At(balancer));
        await silent.AssertClosedAsync();
        await Eventually.IsTrueAsync(() => balancer.Backends["b"].Servers[0].ActiveConnections == 0, () => "no session is left");
    }

    [Fact]
    public async Task A_drain_waits_for_sessions_and_refuses_new_ones()
    {
        using var a = new EchoServer("a");
        await using var balancer = await StartAsync(Backend([a]));
        using var client = await EchoClient.ConnectAsync(At(balancer));
        var address = At(balancer);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var drain = balancer.DrainAsync(limit.Token);
        await AssertRefusedAsync(address);
        Assert.Equal("working", await client.EchoAsync("working"));
        Assert.False(drain.IsCompleted);
        client.Dispose();
        await drain;
        Assert.False(limit.IsCancellationRequested);
    }

    [Fact]
    public async Task Tls_ends_here_or_passes_through_and_its_server_name_chooses_the_backend()
    {
        using var a = new EchoServer("a");
        using var b = new EchoServer("b");
        FrontendConfig BySni(FrontendConfig f) => f with { Routes = [new(new() { Hosts = ["*.example.org"] }, "two")] };
        var second = Backend([b]) with { Name = "two" };
        await using var ending = await StartAsync(Backend([a]), f => BySni(f) with { Tls = new() }, second);
        Assert.Equal(("a", "b"), (await AskTlsAsync(At(ending), "other.test"), await AskTlsAsync(At(ending), "www.example.org")));

        // The same rule without a certificate of its own: the inner frontend ends the TLS that passes through the outer one.
        var inner = new ServerConfig { Name = "inner", Host = "127.0.0.1", Port = At(ending).Port };
        var dead = new ServerConfig { Name = "dead", Host = "127.0.0.1", Port = 1 };
        await using var passing = await StartAsync(
            new() { Name = "b", Servers = [dead] }, BySni, new BackendConfig { Name = "two", Servers = [inner] });
        Assert.Equal("b", await AskTlsAsync(At(passing), "www.example.org"));
        await Assert.ThrowsAnyAsync<Exception>(() => AskTlsAsync(At(passing), "other.test"));
    }

    [Theory]
    [InlineData(ProxyHeaderVersion.V1)]
    [InlineData(ProxyHeaderVersion.V2)]
    public async Task A_client_s_address_passes_from_frontend_to_frontend(ProxyHeaderVersion version)
    {
        using var a = new EchoServer("a");
        await using var inner = await StartAsync(Backend([a]), f => f with
        {
            ProxyProtocolFrom = [IPNetwork.Parse("127.0.0.1/32")],
            Access = [new("stranger", AccessAction.Deny, new() { Sources = [IPNetwork.Parse("127.0.0.9/32")] })],
        });
        var next = new ServerConfig { Name = "inner", Host = "127.0.0.1", Port = At(inner).Port };
        await using var outer = await StartAsync(new() { Name = "b", SendProxy = version, Servers = [next] });
        Assert.Equal("a", await EchoClient.AskAsync(At(outer), IPAddress.Parse("127.0.0.8")));
        Assert.Null(await EchoClient.AskAsync(At(outer), IPAddress.Parse("127.0.0.9")));
        Assert.Equal(1, inner.Frontends[0].Counters.Denied);

        // Whoever must send a header and sends something else is closed; whoever is not trusted is not believed.
        using var liar = await ConnectAsync(inner, "127.0.0.1");
        liar.Send("GET / HTTP/1.1\r\n\r\n"u8);
        try
        {
            Assert.Equal(0, await liar.ReceiveAsync(new byte[10]).WaitAsync(TimeSpan.FromSeconds(20)));
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Closed with a reset, because what it said was left unread.
        }
        using var pretender = await EchoClient.ConnectAsync(At(inner), IPAddress.Parse("127.0.0.7"));
        Assert.Equal("PROXY TCP4 127.0.0.8 127.0.0.1 1 2\r", await pretender.EchoAsync("PROXY TCP4 127.0.0.8 127.0.0.1 1 2\r"));
    }

    internal static Task AssertRefusedAsync(IPEndPoint address) => Eventually.IsTrueAsync(
        async () =>
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                return false;
            }
            catch (System.Net.Sockets.SocketException)
            {
                return true;
            }
        },
        () => $"nobody listens on {address}");

    private static async Task<System.Net.Sockets.Socket> ConnectAsync(Balancer balancer, string from)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync("127.0.0.1", At(balancer).Port);
        return socket;
    }

    private static async Task<string> AskTlsAsync(IPEndPoint address, string name)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", address.Port);
        await using var tls = new System.Net.Security.SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(name);
        using var reader = new StreamReader(tls);
        return (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)))!;
    }

    private static BackendConfig Backend(EchoServer[] servers) => new()
    {
        Name = "b", Servers = [.. servers.Select((s, i) => new ServerConfig { Name = $"{(char)('a' + i)}", Host = "127.0.0.1", Port = s.Port })],
    };

    private static async Task<Balancer> StartAsync(
        BackendConfig backend, Func<FrontendConfig, FrontendConfig>? change = null, params BackendConfig[] others)
    {
        var frontend = new FrontendConfig { Name = "f", Backend = backend.Name, Listen = [new(IPAddress.IPv6Any, 0)] };
        var balancer = new Balancer(new() { Frontends = [change?.Invoke(frontend) ?? frontend], Backends = [backend, .. others] }, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        return balancer;
    }
}
