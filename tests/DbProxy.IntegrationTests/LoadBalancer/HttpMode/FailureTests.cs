using System.Net;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class FailureTests
{
    [Fact]
    public async Task One_of_two_servers_dead_and_no_request_fails()
    {
        await using var bed = await HttpBed.StartAsync();
        Assert.Equal(["a", "b"], [await bed.TextAsync(), await bed.TextAsync()]);
        await bed.Servers[0].KillAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("b", await bed.TextAsync());
            using var posted = await bed.SendAsync(HttpMethod.Post, "/echo", new StringContent($"body {i}"));
            Assert.Equal((HttpStatusCode.OK, $"body {i}"), (posted.StatusCode, await posted.Content.ReadAsStringAsync()));
        }
        Assert.Equal(101, bed.Servers[1].Requests);
        Assert.True(bed.Backend.Servers[0].Counters.Redispatches >= 40);
        Assert.Equal(0, bed.Frontend.Counters.Http.StatusClass(5));
        Assert.Equal(bed.Backend.Http.Redispatches, bed.Backend.Servers[0].Counters.Redispatches);
    }

    [Fact]
    public async Task Each_try_goes_to_a_server_that_has_not_failed_yet()
    {
        await using var bed = await HttpBed.StartAsync(4, backend: b => b with { Balance = "first", Retries = 3 });
        foreach (var server in bed.Servers[..3])
            await server.KillAsync();
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal("d", await bed.TextAsync());
            Assert.All(bed.Backend.Servers[..3], s => Assert.Equal((i, i), (s.Counters.ConnectErrors, s.Counters.Redispatches)));
        }
    }

    [Fact]
    public async Task Where_no_other_server_may_be_tried_the_same_one_is_until_the_tries_are_used_up()
    {
        await using var bed = await HttpBed.StartAsync(2, backend: b => b with { Redispatch = false, Retries = 2, ConnectTimeout = TimeSpan.FromMilliseconds(100), Balance = "first" });
        await bed.Servers[0].KillAsync();
        using var response = await bed.GetAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal((3, 2, 0), (bed.Backend.Servers[0].Counters.ConnectErrors, bed.Backend.Servers[0].Counters.Retries, bed.Backend.Servers[0].Counters.Redispatches));
        var line = await bed.LoggedAsync();
        Assert.Equal(("SC", 2, -1.0), (line["End"], line["Retries"], line["ResponseMs"]));
    }

    [Fact]
    public async Task Without_a_server_clients_are_told_when_to_come_again()
    {
        await using var bed = await HttpBed.StartAsync(1, backend: b => b with { Check = new() { Interval = TimeSpan.FromSeconds(3), Rise = 2 } });
        bed.Backend.Servers[0].SetHealth(false, "a test");
        using var response = await bed.GetAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(6, response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains("No server is available", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_server_that_says_nothing_costs_504()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Timeouts = new() { Server = TimeSpan.FromMilliseconds(500) } });
        using var response = await bed.GetAsync("/hang");
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("sH", (await bed.LoggedAsync())["End"]);
        Assert.Equal((1, 0), (bed.Backend.Servers[0].Counters.ResponseErrors, bed.Backend.Servers[0].ActiveConnections));
    }

    [Fact]
    public async Task A_server_that_breaks_off_before_its_response_costs_502_and_is_not_asked_again()
    {
        await using var bed = await HttpBed.StartAsync(2);
        using var response = await bed.SendAsync(HttpMethod.Post, "/abort", new StringContent("an order"));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("SH", (await bed.LoggedAsync())["End"]);
        Assert.Equal(1, bed.Servers.Sum(s => s.Requests));
    }

    [Fact]
    public async Task A_server_that_breaks_off_each_response_is_taken_out_before_its_checks_notice()
    {
        await using var bed = await HttpBed.StartAsync(2, backend: b => b with { ErrorLimit = 3, Check = new() { Interval = TimeSpan.FromHours(1) }, Balance = "first" });
        for (var i = 0; i < 3; i++)
        {
            using var response = await bed.GetAsync("/abort");
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        }
        await Eventually.IsTrueAsync(() => !bed.Backend.Servers[0].Status.IsUp, "it is down");
        Assert.StartsWith("3 responses in a row failed", bed.Backend.Servers[0].Status.Reason);
        Assert.Equal((0, 3), (bed.Backend.Servers[0].Counters.ConnectErrors, bed.Backend.Servers[0].Counters.ResponseErrors));
        Assert.Equal("b", await bed.TextAsync());
    }

    [Fact]
    public async Task A_response_that_breaks_off_is_not_passed_on_as_if_it_were_whole()
    {
        await using var bed = await HttpBed.StartAsync(1);
        using var response = await bed.GetAsync("/break");
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[4]);
        bed.Servers[0].Gate.Release();
        await Assert.ThrowsAnyAsync<IOException>(async () => await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1]));
        Assert.Equal("SD", (await bed.LoggedAsync())["End"]);
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_server()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        await connection.SendAsync("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n");
        await Eventually.IsTrueAsync(() => bed.Servers[0].Requests == 1, "the server has it");
        connection.Dispose();
        var line = await bed.LoggedAsync();
        Assert.Equal(("CH", 499), (line["End"], line["Status"]));
        Assert.Equal((0, 1), (bed.Backend.Servers[0].ActiveConnections, bed.Backend.Http.ClientAborts));
    }

    [Fact]
    public async Task Sessions_of_a_server_that_goes_down_are_closed_where_asked()
    {
        await using var bed = await HttpBed.StartAsync(1, backend: b => b with { CloseWhenDown = true });
        using var begun = await bed.GetAsync("/gate");
        var waiting = bed.GetAsync("/hang");
        await Eventually.IsTrueAsync(() => bed.Servers[0].Requests == 2, "the server has both");
        bed.Backend.Servers[0].SetHealth(false, "a test");
        using var ended = await waiting;
        Assert.Equal(HttpStatusCode.BadGateway, ended.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => begun.Content.ReadAsStringAsync());
        await Eventually.IsTrueAsync(() => bed.Backend.Servers[0].ActiveConnections == 0, "both places are free");
    }

    [Fact]
    public async Task An_address_that_swallows_everything_costs_the_connect_timeout_and_the_next_server_serves()
    {
        using var full = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        // Nobody accepts here, and the kernel's queue is full: a SYN gets no answer.
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(1);
        var address = (IPEndPoint)full.LocalEndPoint!;
        var fillers = Enumerable.Range(0, 8).Select(_ => new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { Blocking = false }).ToList();
        foreach (var filler in fillers)
            _ = filler.ConnectAsync(address).ContinueWith(_ => { }, TaskScheduler.Default);
        await using var bed = await HttpBed.StartAsync(1, backend: b => b with
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(500),
            Servers = [new ServerConfig { Name = "hole", Host = "127.0.0.1", Port = address.Port }, b.Servers[0]],
        });
        Assert.Equal("a", await bed.TextAsync());
        Assert.Equal(1, bed.Backend.Servers[0].Counters.ConnectErrors);
        foreach (var filler in fillers)
            filler.Dispose();
    }
}
