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
        var drained = await PatchAsync(bed, """{ "state": "drain", "reason": "new kernel" }""");
        Assert.Equal(("DRAIN", "drain", "new kernel"), (Text(drained, "state"), Text(drained, "order"), Text(drained, "reason")));
        Assert.Equal("b", await WhoAnswersAsync(bed));
        await PatchAsync(bed, """{ "state": "maint" }""");
        Assert.Equal("b", await WhoAnswersAsync(bed));
        Assert.Equal("UP", Text(await PatchAsync(bed, """{ "state": "ready" }"""), "state"));
        Assert.Equal("ab", await WhoAnswersAsync(bed));
    }

    [Fact]
    public async Task Weight_limit_and_address_change_for_what_comes_next()
    {
        await using var bed = await AdminBed.StartAsync();
        var changed = await PatchAsync(bed, """{ "weight": 0, "maxConnections": 7 }""");
        Assert.Equal(0, changed.GetProperty("weight").GetInt32());
        Assert.Equal(7, changed.GetProperty("sessions").GetProperty("limit").GetInt64());
        Assert.Equal("b", await WhoAnswersAsync(bed));
        await PatchAsync(bed, $$"""{ "weight": 1, "address": "127.0.0.1:{{bed.Servers[1].Port}}" }""");
        Assert.Equal("b", await WhoAnswersAsync(bed));
        var a = (await StatsAsync(bed)).GetProperty("backends")[0].GetProperty("servers")[0];
        Assert.True(a.GetProperty("sessions").GetProperty("total").GetInt64() > 0);
        Assert.Equal($"127.0.0.1:{bed.Servers[1].Port}", Text(a, "address"));
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
        using var response = await bed.SendAsync(HttpMethod.Patch, ServerA, json, AdminBed.Bearer(AdminBed.Password));
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(detail, (await JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Same(before, bed.Balancer.Backends["apps"].Servers[0].Config);
    }

    [Theory]
    [InlineData("/api/v1/backends/apps/servers/c", "Backend apps has no server \"c\"; there are a, b.")]
    [InlineData("/api/v1/backends/none/servers/a", "There is no backend \"none\"; there are apps.")]
    [InlineData("/api/v1/elsewhere", "There is nothing at /api/v1/elsewhere; /api/v1/openapi.json lists what there is.")]
    public async Task What_is_not_there_is_said_with_what_is(string path, string detail)
    {
        await using var bed = await AdminBed.StartAsync();
        using var response = await bed.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(detail, (await JsonAsync(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Counters_begin_anew_for_operators_and_go_on_for_prometheus()
    {
        await using var bed = await AdminBed.StartAsync();
        await WhoAnswersAsync(bed);
        Assert.Equal(20, Total(await StatsAsync(bed), "frontends"));
        using (var reset = await bed.SendAsync(HttpMethod.Post, "/api/v1/counters/reset", null, AdminBed.Bearer(AdminBed.Password), ("X-DbProxy", "1")))
            Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal((0, 0), (Total(await StatsAsync(bed), "frontends"), Total(await StatsAsync(bed), "backends")));
        await bed.Visitor.GetStringAsync("/");
        Assert.Equal((1, 1), (Total(await StatsAsync(bed), "frontends"), Total(await StatsAsync(bed), "backends")));
        Assert.Contains("dbproxy_frontend_sessions_total{frontend=\"web\"} 21", await bed.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_openapi_document_names_every_path_and_what_needs_the_password()
    {
        await using var bed = await AdminBed.StartAsync();
        using var response = await bed.SendAsync(HttpMethod.Get, "/api/v1/openapi.json");
        var paths = (await JsonAsync(response)).GetProperty("paths");
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

    private static async Task<JsonElement> PatchAsync(AdminBed bed, string json)
    {
        using var response = await bed.SendAsync(HttpMethod.Patch, ServerA, json, AdminBed.Bearer(AdminBed.Password));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonAsync(response);
    }

    private static async Task<JsonElement> StatsAsync(AdminBed bed)
    {
        using var response = await bed.SendAsync(HttpMethod.Get, "/api/v1/stats");
        return await JsonAsync(response);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private static long Total(JsonElement stats, string what) => stats.GetProperty(what)[0].GetProperty("sessions").GetProperty("total").GetInt64();

    private static string? Text(JsonElement element, string key) => element.GetProperty(key).GetString();
}
