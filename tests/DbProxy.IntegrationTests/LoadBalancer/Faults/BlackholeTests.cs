using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;
using DbProxy.LocalCluster.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.Faults;

/// <summary>A server that is cut off without a word: no refusal, no reset, only silence. nginx, in a network of its own.</summary>
public sealed class BlackholeTests
{
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(FrontendMode.Http)]
    [InlineData(FrontendMode.Tcp)]
    public async Task A_client_waits_for_the_connect_timeout_and_is_served_elsewhere(FrontendMode mode)
    {
        await using var network = await NetworkNamespace.CreateAsync();
        await using var lost = await NginxServer.StartAsync("lost", network: network);
        await using var other = await NginxServer.StartAsync("other");
        await using var front = await StartAsync(mode, Backend(lost, other) with { ConnectTimeout = _short, Balance = "first" });
        await network.CutAsync();
        for (var i = 0; i < 2; i++)
            Assert.Equal("other", await AskAsync(front));
        var counters = Server(front).Counters;
        await Eventually.IsTrueAsync(() => Server(front).ActiveConnections == 0, () => "its places are free");
        Assert.Equal((2, 2, 0), (counters.ConnectErrors, counters.Redispatches, Server(front).ActiveConnections));
    }

    [Fact]
    public async Task Failed_connections_take_a_server_down_before_its_next_check()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        await using var lost = await NginxServer.StartAsync("lost", network: network);
        await using var other = await NginxServer.StartAsync("other");
        await using var front = await StartAsync(
            FrontendMode.Tcp, Backend(lost, other) with { ConnectTimeout = _short, ErrorLimit = 2, Check = new() { Interval = TimeSpan.FromHours(1), Timeout = TimeSpan.FromSeconds(30) } });
        // The first check is the only one.
        await Eventually.IsTrueAsync(() => Server(front).Status.Reason == "connected", () => Server(front).Status.ToString());
        await network.CutAsync();
        for (var i = 0; i < 4; i++)
            Assert.Equal("other", await AskAsync(front));
        Assert.Equal((false, 2), (Server(front).Status.IsUp, Server(front).Counters.ConnectErrors));
        Assert.StartsWith("2 connections in a row failed: no answer in time", Server(front).Status.Reason);
    }

    [Fact]
    public async Task Checks_notice_the_silence_close_sessions_and_let_the_server_back_slowly()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        await using var lost = await NginxServer.StartAsync("lost", network: network);
        await using var other = await NginxServer.StartAsync("other");
        await using var front = await StartAsync(
            FrontendMode.Tcp, Backend(lost, other) with { CloseWhenDown = true, SlowStart = TimeSpan.FromHours(2), Check = Fast(CheckKind.Http) });
        await Eventually.IsTrueAsync(() => Server(front).Status.Reason == "status 200", () => Server(front).Status.ToString());
        using var session = await SessionWithAsync(front, "lost");
        await network.CutAsync();
        await Eventually.IsTrueAsync(() => !Server(front).Status.IsUp, () => Server(front).Status.ToString());
        Assert.Contains("no answer within", Server(front).Status.Reason);
        // The server can't say that it is gone; the front end does.
        Assert.Equal(0, await ReceiveAsync(session));
        await Eventually.IsTrueAsync(() => Server(front).ActiveConnections == 0, () => "its session has ended");
        Assert.Equal("other", await AskAsync(front));
        await network.MendAsync();
        await Eventually.IsTrueAsync(() => Server(front).Status.IsUp, () => Server(front).Status.ToString());
        Assert.InRange(Server(front).Weight, 10, 20);
        var names = new List<string>();
        for (var i = 0; i < 44; i++)
            names.Add(await AskAsync(front));
        // A tenth of the other's weight is one of eleven.
        Assert.InRange(names.Count(n => n == "lost"), 3, 8);
        Assert.True(Server(front).DownTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_response_that_stalls_is_given_up_after_the_server_s_timeout()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        await using var lost = await NginxServer.StartAsync("lost", network: network);
        await using var front = await StartAsync(FrontendMode.Http, Backend(lost) with { ConnectTimeout = _short, Retries = 0 }, new() { Timeouts = new() { Server = TimeSpan.FromSeconds(4) } });
        using var client = new HttpClient();
        using var response = await client.GetAsync(Url(front, "/slow/big.bin"), HttpCompletionOption.ResponseHeadersRead);
        var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        await network.CutAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(60)));
        await Eventually.IsTrueAsync(() => Server(front).ActiveConnections == 0, () => "the server's place is free");
        Assert.Equal(1, Server(front).Counters.ResponseErrors);
        using var late = await client.GetAsync(Url(front, "/"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
    }

    [Theory]
    [InlineData(CheckKind.Tcp, true)]
    [InlineData(CheckKind.Http, false)]
    public async Task A_stopped_server_still_accepts_so_that_only_a_check_that_wants_an_answer_notices(CheckKind kind, bool isUp)
    {
        await using var stopped = await NginxServer.StartAsync("stopped");
        await using var front = await StartAsync(FrontendMode.Tcp, Backend(stopped) with { Check = Fast(kind) });
        await Eventually.IsTrueAsync(() => Server(front).LastCheck is not null, () => "it was checked");
        stopped.Signal(Signals.Stop);
        try
        {
            if (!isUp)
            {
                await Eventually.IsTrueAsync(() => !Server(front).Status.IsUp, () => Server(front).Status.ToString());
                Assert.Contains("no answer within", Server(front).Status.Reason);
                return;
            }
            var before = Server(front).LastCheck;
            await Eventually.IsTrueAsync(() => Server(front).LastCheck != before, () => "it was checked again");
            Assert.Equal("connected", Server(front).Status.Reason);
        }
        finally
        {
            stopped.Signal(Signals.Continue);
        }
    }

    private static BackendConfig Backend(params NginxServer[] servers) => new() { Name = "b", Servers = [.. servers.Select(s => s.Config)] };

    private static HealthCheckConfig Fast(CheckKind kind) => new()
    {
        Kind = kind, Interval = TimeSpan.FromMilliseconds(200), FastInterval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(3), Fall = 2, Rise = 1,
    };

    private static Server Server(Balancer front) => front.Backends["b"].Servers[0];

    private static async Task<Balancer> StartAsync(FrontendMode mode, BackendConfig backend, HttpConfig? http = null)
    {
        var frontend = new FrontendConfig
        {
            Name = "f", Mode = mode, Backend = "b", Listen = [new(IPAddress.Loopback, 0)], Http = mode == FrontendMode.Http ? http ?? new() : null,
        };
        var balancer = new Balancer(new() { Frontends = [frontend], Backends = [backend] }, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        return balancer;
    }

    private static Uri Url(Balancer front, string path) => new($"http://{front.Frontends[0].EndPoints.First()}{path}");

    /// <summary>Who answers a request on a connection of its own.</summary>
    private static async Task<string> AskAsync(Balancer front)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(Url(front, "/"));
    }

    /// <summary>A connection that leads to a server, idle behind its first answer.</summary>
    private static async Task<Socket> SessionWithAsync(Balancer front, string server)
    {
        while (true)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(front.Frontends[0].EndPoints.First());
            await using var stream = new NetworkStream(socket);
            await stream.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            if ((await stream.ReadUntilAsync($"\r\n\r\n{server}"))[^1] == server[^1] && Server(front).ActiveConnections > 0)
                return socket;
            socket.Dispose();
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            return await socket.ReceiveAsync(new byte[1], limit.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
