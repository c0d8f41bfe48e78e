using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using Xunit;

namespace DbProxy.IntegrationTests.Admin;

/// <summary>Servers seen and changed over the runtime API; what changed is proved by where requests go.</summary>
public sealed class ServerApiTests
{
    private const string ServerA = "/api/v1/backends/apps/servers/a";

    [Fact]
    public async Task A_drained_server_gets_nothing_new_and_a_ready_one_its_share_again()
    {
        await using var bed = await AdminBed.StartAsync();
        Assert.Equal("ab", await WhoAnswersAsync(bed));
        var drained = await bed.PatchAsync(ServerA, """{ "state": "drain", "reason": "new kernel" }""");
        Assert.Equal(("DRAIN", "drain", "new kernel"), (drained.Text("state"), drained.Text("order"), drained.Text("reason")));
        Assert.Equal("b", await WhoAnswersAsync(bed));
        await bed.PatchAsync(ServerA, """{ "state": "maint" }""");
        Assert.Equal("b", await WhoAnswersAsync(bed));
        Assert.Equal("UP", (await bed.PatchAsync(ServerA, """{ "state": "ready" }""")).Text("state"));
        Assert.Equal("ab", await WhoAnswersAsync(bed));
    }

    [Fact]
    public async Task Weight_limit_and_address_change_for_what_comes_next()
    {
        await using var bed = await AdminBed.StartAsync();
        var changed = await bed.PatchAsync(ServerA, """{ "weight": 0, "maxConnections": 7 }""");
        Assert.Equal(0, changed.GetProperty("weight").GetInt32());
        Assert.Equal(7, changed.GetProperty("sessions").GetProperty("limit").GetInt64());
        Assert.Equal("b", await WhoAnswersAsync(bed));
        await bed.PatchAsync(ServerA, $$"""{ "weight": 1, "address": "127.0.0.1:{{bed.Servers[1].Port}}" }""");
        Assert.Equal("b", await WhoAnswersAsync(bed));
        var a = (await bed.GetAsync("/api/v1/stats")).GetProperty("backends")[0].GetProperty("servers")[0];
        Assert.True(a.GetProperty("sessions").GetProperty("total").GetInt64() > 0);
        Assert.Equal($"127.0.0.1:{bed.Servers[1].Port}", a.Text("address"));
    }

    [Theory]
    [InlineData("""{ "state": "gone" }""", 400, "state: \"gone\" is not one of ready, drain, maint.")]
    [InlineData("""{ "state": "1" }""", 400, "is not one of ready, drain, maint")]
    [InlineData("""{ "weight": 257 }""", 400, "weight: 257 is out of range; use 0 to 256.")]
    [InlineData("""{ "maxConnections": -1 }""", 400, "maxConnections: -1 is out of range")]
    [InlineData("""{ "address": "nowhere" }""", 400, "address: \"nowhere\" is not an address: the port is missing; write host:port.")]
    [InlineData("""{ "address": ":80" }""", 400, "is no server's address; write host:port")]
    [InlineData("""{ "wieght": 2 }""", 400, "wieght")]
    [InlineData("""{ "weight": "two" }""", 400, "$.weight")]
    [InlineData("not json", 400, "")]
    public async Task A_value_that_can_t_be_used_is_named_and_nothing_changes(string json, int status, string detail)
    {
        await using var bed = await AdminBed.StartAsync();
        var before = bed.Balancer.Backends["apps"].Servers[0].Config;
        Assert.Contains(detail, (await bed.PatchAsync(ServerA, json, (HttpStatusCode)status)).Text("detail"), StringComparison.Ordinal);
        Assert.Same(before, bed.Balancer.Backends["apps"].Servers[0].Config);
    }

    [Fact]
    public async Task A_changed_weight_is_logged_as_what_it_is()
    {
        await using var bed = await AdminBed.StartAsync();
        await bed.PatchAsync(ServerA, "{ \"weight\": 7 }");
        var line = Assert.Single(bed.Log.Lines, l => l.Text.Contains("apps/a", StringComparison.Ordinal)).Text;
        Assert.StartsWith($"Server apps/a is configured anew: 127.0.0.1:{bed.Servers[0].Port}, weight 7, limit 0; before", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_of_what_is_gone_vanish_and_begin_anew_when_it_comes_back()
    {
        await using var bed = await AdminBed.StartAsync();
        for (var i = 0; i < 4; i++)
            await bed.Visitor.GetStringAsync("/");
        Assert.Contains("dbproxy_frontend_sessions_total{frontend=\"web\"} 4", await MetricsAsync(), StringComparison.Ordinal);
        await bed.DeleteAsync(ServerA);
        Assert.DoesNotContain("server=\"a\"", await MetricsAsync(), StringComparison.Ordinal);
        var config = bed.Config.Current.FrontEnd;
        await bed.Balancer.ApplyAsync(config with { Frontends = [] });
        Assert.DoesNotContain("frontend=\"web\"", await MetricsAsync(), StringComparison.Ordinal);
        await bed.Balancer.ApplyAsync(config);
        Assert.Contains("dbproxy_frontend_sessions_total{frontend=\"web\"} 0", await MetricsAsync(), StringComparison.Ordinal);

        Task<string> MetricsAsync() => bed.Client.GetStringAsync("/metrics");
    }

    [Theory]
    [InlineData("/api/v1/backends/apps/servers/c", "Backend apps has no server \"c\"; there are a, b.")]
    [InlineData("/api/v1/backends/none/servers/a", "There is no backend \"none\"; there are apps.")]
    [InlineData("/api/v1/elsewhere", "There is nothing at /api/v1/elsewhere; /api/v1/openapi.json lists what there is.")]
    public async Task What_is_not_there_is_said_with_what_is(string path, string detail)
    {
        await using var bed = await AdminBed.StartAsync();
        Assert.Equal(detail, (await bed.GetAsync(path, HttpStatusCode.NotFound)).Text("detail"));
    }

    [Fact]
    public async Task A_server_that_is_added_gets_its_share_and_is_checked_and_one_that_is_removed_gets_nothing()
    {
        await using var bed = await AdminBed.StartAsync(
            o => o.Backends[0].Check = new() { Kind = BackendCheck.Tcp, Interval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(30) });
        await using var third = await TestServer.StartAsync("c");
        var added = await bed.PostAsync("/api/v1/backends/apps/servers", $$"""{ "name": "c", "address": "127.0.0.1:{{third.Port}}", "weight": 2 }""", HttpStatusCode.Created);
        Assert.Equal(("c", "2"), (added.Text("name"), added.Text("weight")));
        Assert.Equal("abc", await WhoAnswersAsync(bed));
        await Eventually.IsTrueAsync(async () => (await bed.GetAsync("/api/v1/backends/apps/servers/c")).Text("check").Length > 0, () => "it is checked");
        Assert.Contains("has a server \"c\" already",
            (await bed.PostAsync("/api/v1/backends/apps/servers", """{ "name": "c", "address": "127.0.0.1:1" }""", HttpStatusCode.Conflict)).Text("detail"), StringComparison.Ordinal);
        await bed.DeleteAsync("/api/v1/backends/apps/servers/c");
        Assert.Equal("ab", await WhoAnswersAsync(bed));
        Assert.Contains("has no server \"c\"", (await bed.DeleteAsync("/api/v1/backends/apps/servers/c", HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ }""", "The body lacks 'address'")]
    [InlineData("""{ "address": "x" }""", "the port is missing")]
    [InlineData("""{ "address": "x:1", "name": "a/b" }""", "name: a name must not be empty nor contain a slash")]
    [InlineData("""{ "address": "x:1", "weight": 300 }""", "weight: 300 is out of range")]
    [InlineData("""{ "address": "x:1", "wieght": 3 }""", "There is no key \"wieght\"; /api/v1/openapi.json")]
    [InlineData("""{ "address": "x:1", """, "not the JSON that is expected, at $, line 1, byte ")]
    [InlineData("""{ "address": "x:1", "weight": "much" }""", "not the JSON that is expected, at $.weight, line 1, byte ")]
    [InlineData("", "The body is missing")]
    public async Task What_is_no_server_is_not_added(string json, string detail)
    {
        await using var bed = await AdminBed.StartAsync();
        var said = (await bed.PostAsync("/api/v1/backends/apps/servers", json, HttpStatusCode.BadRequest)).Text("detail");
        Assert.Contains(detail, said, StringComparison.Ordinal);
        Assert.DoesNotContain("NewServer", said, StringComparison.Ordinal);
        Assert.Equal(2, bed.Balancer.Backends["apps"].Servers.Length);
    }

    [Fact]
    public async Task A_request_that_runs_is_listed_with_its_server_and_can_be_cut()
    {
        await using var bed = await AdminBed.StartAsync();
        var request = bed.Visitor.GetStringAsync("/gate");
        await Task.WhenAny(bed.Servers.Select(s => s.Reached.WaitAsync()));
        var session = (await bed.GetAsync("/api/v1/sessions")).GetProperty("sessions").Find("state", "working");
        Assert.Equal(("apps", true), (session.Text("backend"), session.Text("server") is "a" or "b"));
        Assert.StartsWith("web:", session.Text("id"), StringComparison.Ordinal);
        await bed.DeleteAsync($"/api/v1/sessions/{session.Text("id")}");
        await Assert.ThrowsAnyAsync<Exception>(() => request);
        await Eventually.IsTrueAsync(async () => (await bed.GetAsync("/api/v1/sessions")).Number("total") == 0, () => "it is gone");
    }

    [Fact]
    public async Task A_tcp_session_shows_its_bytes_while_it_lasts_and_can_be_cut()
    {
        using var echo = new EchoServer("e");
        await using var bed = await AdminBed.StartAsync(o =>
        {
            o.Frontends.Add(new() { Name = "raw", Listen = ["127.0.0.1:0"], Backend = "echo" });
            o.Backends.Add(new() { Name = "echo", Check = { Kind = BackendCheck.None }, Servers = [new() { Name = "e", Address = $"127.0.0.1:{echo.Port}" }] });
        });
        using var client = new TcpClient();
        await client.ConnectAsync(bed.Balancer.Frontends[1].EndPoints.First());
        await client.GetStream().WriteAsync("hello"u8.ToArray());
        await client.GetStream().ReadExactlyAsync(new byte["e\n".Length + "hello".Length]);
        await Eventually.IsTrueAsync(async () => (await bed.GetAsync("/api/v1/backends/echo/servers/e")).Number("bytes", "out") == 7, () => "the bytes are counted");
        var session = (await bed.GetAsync("/api/v1/sessions")).GetProperty("sessions").Find("state", "connected");
        Assert.Equal(($"127.0.0.1:{((IPEndPoint)client.Client.LocalEndPoint!).Port}", "e"), (session.Text("client"), session.Text("server")));
        await bed.DeleteAsync($"/api/v1/sessions/{session.Text("id")}");
        Assert.Equal(0, await ReadToEndAsync(client));
    }

    [Fact]
    public async Task A_name_with_a_slash_is_found()
    {
        await using var bed = await AdminBed.StartAsync(o => o.Backends[0].Servers[0].Name = "rack 1/a");
        Assert.Equal("DRAIN", (await bed.PatchAsync("/api/v1/backends/apps/servers/rack%201%2Fa", """{ "state": "drain" }""")).Text("state"));
        await bed.DeleteAsync("/api/v1/backends/apps/servers/rack%201%2Fa");
        Assert.Equal("b", await WhoAnswersAsync(bed));
    }

    [Fact]
    public async Task A_reload_is_made_or_refused_with_its_mistakes_and_the_last_one_is_remembered()
    {
        ConfigResult? next = null;
        await using var bed = await AdminBed.StartAsync(load: () => next!);
        Assert.Equal(("dbproxy.json", ""), ((await bed.GetAsync("/api/v1/config")).Text("file"), (await bed.GetAsync("/api/v1/config")).Text("lastReload")));
        next = new(null, [new("dbproxy.json(3,4)", "Pool.MaxAge", "1 has no unit")]);
        Assert.Contains("Pool.MaxAge: 1 has no unit", (await bed.PostAsync("/api/v1/config/reload", null, HttpStatusCode.UnprocessableEntity)).Text("detail"), StringComparison.Ordinal);
        var last = (await bed.GetAsync("/api/v1/config")).GetProperty("lastReload");
        Assert.Equal(("False", 1), (last.Text("applied"), last.GetProperty("mistakes").GetArrayLength()));
        next = new(bed.Config.Current, []);
        Assert.Equal("True", (await bed.PostAsync("/api/v1/config/reload", null)).Text("applied"));
        Assert.Equal("True", (await bed.GetAsync("/api/v1/config")).GetProperty("lastReload").Text("applied"));
    }

    [Fact]
    public async Task Counters_begin_anew_for_operators_and_go_on_for_prometheus()
    {
        await using var bed = await AdminBed.StartAsync();
        await WhoAnswersAsync(bed);
        Assert.Equal(20, Total(await bed.GetAsync("/api/v1/stats"), "frontends"));
        await bed.PostAsync("/api/v1/counters/reset", null, HttpStatusCode.NoContent);
        Assert.Equal((0, 0), (Total(await bed.GetAsync("/api/v1/stats"), "frontends"), Total(await bed.GetAsync("/api/v1/stats"), "backends")));
        await bed.Visitor.GetStringAsync("/");
        Assert.Equal((1, 1), (Total(await bed.GetAsync("/api/v1/stats"), "frontends"), Total(await bed.GetAsync("/api/v1/stats"), "backends")));
        Assert.Contains("dbproxy_frontend_sessions_total{frontend=\"web\"} 21", await bed.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_its_server_spoils_is_one_error_and_a_bad_request_another()
    {
        await using var bed = await AdminBed.StartAsync();
        using var spoiled = await bed.Visitor.GetAsync("/abort");
        Assert.Equal(HttpStatusCode.BadGateway, spoiled.StatusCode);
        using var bad = new TcpClient();
        await bad.ConnectAsync(bed.Visitor.BaseAddress!.Host, bed.Visitor.BaseAddress.Port);
        await bad.GetStream().SendAsync("no request\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", await bad.GetStream().ReadToEndAsync());
        var metrics = await bed.Client.GetStringAsync("/metrics");
        Assert.Equal(1, Sum(metrics, "dbproxy_backend_server_errors_total"));
        Assert.Equal(1, Sum(metrics, "dbproxy_frontend_request_errors_total"));
    }

    [Fact]
    public async Task The_openapi_document_names_every_path_and_what_needs_the_password()
    {
        await using var bed = await AdminBed.StartAsync();
        var paths = (await bed.GetAsync("/api/v1/openapi.json")).GetProperty("paths");
        Assert.True(paths.TryGetProperty("/api/v1/stats", out var stats));
        Assert.False(stats.GetProperty("get").TryGetProperty("security", out _));
        var patch = paths.GetProperty("/api/v1/backends/{backend}/servers/{server}").GetProperty("patch");
        Assert.Equal(2, patch.GetProperty("security").GetArrayLength());
        Assert.Equal(["200", "400", "401", "403", "404", "429"], patch.GetProperty("responses").EnumerateObject().Select(r => r.Name).Order());
        Assert.All(paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()), o => Assert.True(o.Value.TryGetProperty("summary", out _), o.Value.ToString()));
    }

    private static double Sum(string metrics, string name) => metrics.Split('\n').Where(l => l.StartsWith($"{name}{{", StringComparison.Ordinal))
        .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>The servers that answered 20 requests, in order of their names.</summary>
    private static async Task<string> WhoAnswersAsync(AdminBed bed)
    {
        var names = new SortedSet<string>();
        for (var i = 0; i < 20; i++)
            names.Add(await bed.Visitor.GetStringAsync("/"));
        return string.Concat(names);
    }

    private static async Task<int> ReadToEndAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]);
        }
        catch (IOException)
        {
            // A reset ends it as well.
            return 0;
        }
    }

    private static long Total(JsonElement stats, string what) => stats.GetProperty(what)[0].Number("sessions", "total");
}
