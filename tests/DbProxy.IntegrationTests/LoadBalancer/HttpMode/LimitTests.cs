using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class LimitTests
{
    private static readonly RateLimitConfig Three = new() { Permits = 3, Window = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task Requests_beyond_a_source_s_rate_get_429_and_are_told_when_to_come_again()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { RequestRate = Three, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        for (var i = 0; i < 3; i++)
            Assert.Equal("a", await bed.TextAsync());
        using var refused = await bed.GetAsync();
        Assert.Equal((HttpStatusCode)429, refused.StatusCode);
        Assert.Equal(300, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        // Another client behind the same trusted proxy has a rate of its own.
        Assert.Equal("a", await bed.TextAsync("/", ("X-Forwarded-For", "192.0.2.7")));
        Assert.Equal((4, 1), (bed.Servers[0].Requests, bed.Frontend.Counters.RateLimited));
        Assert.Equal("request rate", (await bed.LoggedAsync(l => Equals(l["Status"], 429)))["Rule"]);
    }

    [Fact]
    public async Task Connections_beyond_a_source_s_rate_get_429_and_are_closed()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { ConnectionRate = Three });
        for (var i = 0; i < 4; i++)
        {
            var connection = await bed.RawAsync();
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = await connection.ReadUntilAsync(i < 3 ? "\r\n0\r\n\r\n" : "\u0001");
            Assert.StartsWith(i < 3 ? "HTTP/1.1 200" : "HTTP/1.1 429", answer);
            Assert.Equal(i == 3, answer.Contains("Connection: close", StringComparison.Ordinal));
        }
        Assert.Equal(3, bed.Servers[0].Requests);
    }

    [Fact]
    public async Task A_tarpit_answers_late()
    {
        await using var bed = await HttpBed.StartAsync(
            1, f => f with { TarpitDelay = TimeSpan.FromMilliseconds(700), Access = [new("slow down", AccessAction.Tarpit, new() { PathPrefixes = ["/wp-"] })] });
        var started = Stopwatch.GetTimestamp();
        using var response = await bed.GetAsync("/wp-login");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(690));
        Assert.Equal("PT", (await bed.LoggedAsync())["End"]);
    }

    [Fact]
    public async Task What_is_dropped_silently_gets_no_answer()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { Access = [new("drop", AccessAction.SilentDrop, new() { PathPrefixes = ["/x"] })] });
        var connection = await bed.RawAsync();
        await connection.SendAsync("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters is { Active: 0, Denied: 1 }, "the connection is given up");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        // Without CAP_NET_ADMIN the end of the connection is sent with a time to live of one hop, and this is no hop away.
        if (MayRepair())
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.ReadAsync(new byte[100], limit.Token).AsTask());
        Assert.Equal(0, bed.Servers[0].Requests);
    }

    private static bool MayRepair()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // TCP_REPAIR
            socket.SetRawSocketOption((int)ProtocolType.Tcp, 19, [1, 0, 0, 0]);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData("long line", 414)]
    [InlineData("large headers", 431)]
    [InlineData("many headers", 431)]
    [InlineData("large body", 413)]
    [InlineData("large chunked body", 413)]
    public async Task Requests_that_are_too_large_are_refused(string what, int status)
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Limits = new() { MaxBody = 1000, MaxRequestLine = 500, MaxHeaders = 2000, MaxHeaderCount = 20 } });
        var connection = await bed.RawAsync();
        await connection.SendAsync(what switch
        {
            "long line" => $"GET /{new string('x', 600)} HTTP/1.1\r\nHost: x\r\n\r\n",
            "large headers" => $"GET / HTTP/1.1\r\nHost: x\r\nX-Large: {new string('x', 2500)}\r\n\r\n",
            "many headers" => $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 30).Select(i => $"X-{i}: y\r\n"))}\r\n",
            "large body" => $"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n{new string('x', 1001)}",
            _ => $"POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat($"64\r\n{new string('x', 100)}\r\n", 11))}0\r\n\r\n",
        });
        Assert.StartsWith($"HTTP/1.1 {status}", await connection.ReadUntilAsync("\r\n\r\n"));
    }

    [Fact]
    public async Task Who_sends_headers_drop_by_drop_is_sent_away()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Timeouts = new() { RequestHeaders = TimeSpan.FromSeconds(1) } });
        var connection = await bed.RawAsync();
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n");
        using var stop = new CancellationTokenSource();
        var dripping = DripAsync(connection, "X-Slow: y\r\n", stop.Token);
        var answer = await connection.ReadToEndAsync();
        await stop.CancelAsync();
        await dripping;
        Assert.StartsWith("HTTP/1.1 408", answer);
        Assert.Equal(0, bed.Servers[0].Requests);
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters.Active == 0, "the connection is closed");
        Assert.Equal((1, 1), (bed.Frontend.Counters.ProtocolErrors, bed.Frontend.Counters.Http.StatusClass(4)));
        Assert.Contains(bed.Log.Lines, l => l.Id.Id == 4111 && l.Text.Contains(" web 408 PR: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crowd_that_sends_drop_by_drop_keeps_nobody_out_and_is_sent_away()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Timeouts = new() { RequestHeaders = TimeSpan.FromSeconds(3) } });
        using var stop = new CancellationTokenSource();
        var crowd = new List<(Stream Connection, Task Dripping)>();
        for (var i = 0; i < 100; i++)
        {
            var connection = await bed.RawAsync();
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n");
            crowd.Add((connection, DripAsync(connection, "X-Slow: y\r\n", stop.Token)));
        }
        for (var i = 0; i < 20; i++)
            Assert.Equal("a", await bed.TextAsync());
        var answers = await Task.WhenAll(crowd.Select(c => c.Connection.ReadUntilAsync("\r\n\r\n")));
        await stop.CancelAsync();
        await Task.WhenAll(crowd.Select(c => c.Dripping));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 408", answer));
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters.ProtocolErrors == 100, "all are counted");
        Assert.Equal(20, bed.Servers[0].Requests);
    }

    [Fact]
    public async Task Who_sends_a_body_drop_by_drop_is_sent_away()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Limits = new() { MinRequestRate = 1000, RateGrace = TimeSpan.FromSeconds(1.5) } });
        var connection = await bed.RawAsync();
        await connection.SendAsync("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
        using var stop = new CancellationTokenSource();
        var dripping = DripAsync(connection, "x", stop.Token);
        var answer = await connection.ReadToEndAsync();
        await stop.CancelAsync();
        await dripping;
        Assert.StartsWith("HTTP/1.1 408", answer);
        Assert.Equal("cD", (await bed.LoggedAsync())["End"]);
    }

    [Fact]
    public async Task A_request_whose_body_is_no_good_is_counted_and_logged_once()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        await connection.SendAsync("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n");
        Assert.StartsWith("HTTP/1.1 400", await connection.ReadToEndAsync());
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters.Active == 0, "the connection is closed");
        Assert.Equal((1, 1), (bed.Frontend.Counters.ProtocolErrors, bed.Frontend.Counters.Http.Requests));
        Assert.Equal(1, bed.Log.Lines.Count(l => l.Id.Id is 4110 or 4111));
    }

    [Fact]
    public async Task A_connection_beyond_the_frontend_s_limit_waits_for_room()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { MaxConnections = 2 });
        var (first, second, third) = (await bed.RawAsync(), await bed.RawAsync(), await bed.RawAsync());
        foreach (var connection in new[] { first, second, third })
            await connection.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await first.ReadUntilAsync("\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200", await second.ReadUntilAsync("\r\n\r\n"));
        var waiting = third.ReadUntilAsync("\r\n\r\n");
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, bed.Frontend.Counters.Active);
        first.Dispose();
        Assert.StartsWith("HTTP/1.1 200", await waiting);
        Assert.Equal((2, 3), (bed.Frontend.Counters.MaxActive, bed.Frontend.Counters.Accepted));
    }

    private static async Task DripAsync(Stream connection, string drop, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await connection.SendAsync(drop);
                await Task.Delay(100, stopping);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Sent away, or enough.
        }
    }
}
