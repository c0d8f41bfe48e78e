using System.Net;
using System.Text.Json;
using DbProxy.IntegrationTests.Admin.Parts;
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
    public async Task The_openapi_document_names_every_path_and_what_needs_the_password()
    {
        await using var bed = await AdminBed.StartAsync();
        var paths = (await bed.GetAsync("/api/v1/openapi.json")).GetProperty("paths");
        Assert.True(paths.TryGetProperty("/api/v1/stats", out var stats));
        Assert.False(stats.GetProperty("get").TryGetProperty("security", out _));
        var patch = paths.GetProperty("/api/v1/backends/{backend}/servers/{server}").GetProperty("patch");
        Assert.Equal(2, patch.GetProperty("security").GetArrayLength());
        Assert.True(patch.GetProperty("responses").TryGetProperty("404", out _));
        Assert.All(paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()), o => Assert.True(o.Value.TryGetProperty("summary", out _), o.Value.ToString()));
    }

    /// <summary>The servers that answered 20 requests, in order of their names.</summary>
    private static async Task<string> WhoAnswersAsync(AdminBed bed)
    {
        var names = new SortedSet<string>();
        for (var i = 0; i < 20; i++)
            names.Add(await bed.Visitor.GetStringAsync("/"));
        return string.Concat(names);
    }

    private static long Total(JsonElement stats, string what) => stats.GetProperty(what)[0].Number("sessions", "total");
}
