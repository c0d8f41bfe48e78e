using System.Collections.Frozen;
using System.Net;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.Servers;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class RuleTests
{
    [Fact]
    public async Task Paths_and_hosts_lead_to_their_backends()
    {
        await using var bed = await HttpBed.StartAsync(
            3,
            f => f with { Routes = [new(new() { PathPrefixes = ["/api/"] }, "api"), new(new() { Hosts = ["*.img.example"] }, "images"), new(new() { Methods = ["DELETE"] }, "gone")] },
            backend: b => b with { Servers = [b.Servers[0]] },
            others: s => [new() { Name = "api", Servers = [HttpBed.Server(s[1])] }, new() { Name = "images", Servers = [HttpBed.Server(s[2])] }]);
        Assert.Equal("a", await bed.TextAsync("/"));
        Assert.Equal("b", await bed.TextAsync("/api/x"));
        Assert.Equal("c", await bed.TextAsync("/", ("Host", "eu.img.example")));
        Assert.Equal("a", await bed.TextAsync("/", ("Host", "img.example")));
        using var nowhere = await bed.SendAsync(HttpMethod.Delete, "/", null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, nowhere.StatusCode);
        Assert.Equal("route 3", (await bed.LoggedAsync(l => Equals(l["Status"], 503)))["Rule"]);
    }

    [Fact]
    public async Task The_first_access_rule_that_matches_decides_and_is_counted()
    {
        var (allow, deny) = (new AccessRule("staff", AccessAction.Allow, new() { Headers = [new("X-Staff", new("yes"))] }), new AccessRule("no admin", AccessAction.Deny, new() { PathPrefixes = ["/admin/"] }));
        await using var bed = await HttpBed.StartAsync(1, f => f with { Access = [allow, deny] });
        using var denied = await bed.GetAsync("/admin/x");
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.Contains("403 Forbidden", await denied.Content.ReadAsStringAsync());
        // Not hidden behind another spelling of the same path.
        foreach (var spelling in new[] { "/%61dmin/x", "/admin%2Fx", "/admin%2fx" })
        {
            using var hidden = await bed.GetAsync(spelling);
            Assert.Equal(HttpStatusCode.Forbidden, hidden.StatusCode);
        }
        Assert.Equal("a", await bed.TextAsync("/admin/x", ("X-Staff", "yes")));
        Assert.Equal("a", await bed.TextAsync("/"));
        Assert.Equal((1, 4, 4), (allow.Hits, deny.Hits, bed.Frontend.Counters.Denied));
        Assert.Equal(2, bed.Servers[0].Requests);
        var line = await bed.LoggedAsync(l => Equals(l["Status"], 403));
        Assert.Equal(("no admin", "PR"), (line["Rule"], line["End"]));
    }

    [Fact]
    public async Task Everything_is_sent_to_https_with_its_path_query_and_method()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { HttpsRedirectPort = 443, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        using var moved = await bed.SendAsync(HttpMethod.Post, "/a%20b/c?x=1&y=%2F", new StringContent("body"), ("Host", "shop.example:8080"));
        Assert.Equal(HttpStatusCode.PermanentRedirect, moved.StatusCode);
        Assert.Equal("https://shop.example/a%20b/c?x=1&y=%2F", moved.Headers.GetValues("Location").Single());
        Assert.False(moved.Headers.Contains("Strict-Transport-Security"));
        // A trusted proxy in front has already done it.
        Assert.Equal("a", await bed.TextAsync("/", ("X-Forwarded-Proto", "https")));
    }

    [Fact]
    public async Task Responses_over_tls_ask_browsers_to_come_back_by_https()
    {
        await using var bed = await HttpBed.StartAsync(
            1, f => f with { Tls = new() }, new() { Hsts = new() { MaxAge = TimeSpan.FromDays(1), IncludeSubDomains = true }, HttpsRedirectPort = 443 });
        using var response = await bed.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("max-age=86400; includeSubDomains", response.Headers.GetValues("Strict-Transport-Security").Single());
        bed.Backend.Servers[0].SetAdmin(AdminState.Maint, "a test");
        using var error = await bed.GetAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Equal("max-age=86400; includeSubDomains", error.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Redirects_and_fixed_answers_need_no_server()
    {
        await using var bed = await HttpBed.StartAsync(0, http: new()
        {
            Answers =
            [
                new() { Name = "moved", Match = new() { PathPrefixes = ["/old"] }, Status = 301, Location = "{scheme}://{host}/new{path}{query}" },
                new() { Name = "maintenance", Status = 503, Body = "<h1>Back at noon</h1>", RetryAfter = TimeSpan.FromMinutes(2) },
            ],
        });
        using var moved = await bed.GetAsync("/old/x?q=1", ("Host", "shop.example"));
        Assert.Equal((HttpStatusCode.MovedPermanently, "http://shop.example/new/old/x?q=1"), (moved.StatusCode, moved.Headers.GetValues("Location").Single()));
        using var page = await bed.GetAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "<h1>Back at noon</h1>"), (page.StatusCode, await page.Content.ReadAsStringAsync()));
        Assert.Equal((120, "text/html"), (page.Headers.RetryAfter!.Delta!.Value.TotalSeconds, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal("maintenance", (await bed.LoggedAsync(l => Equals(l["Status"], 503)))["Rule"]);
    }

    [Fact]
    public async Task Error_pages_are_one_s_own_where_given()
    {
        await using var bed = await HttpBed.StartAsync(
            0, f => f with { Access = [new("all", AccessAction.Deny, new() { PathPrefixes = ["/admin"] })] },
            new() { ErrorPages = new Dictionary<int, ErrorPage> { [503] = new("{\"error\":\"later\"}", "application/json") }.ToFrozenDictionary() });
        using var own = await bed.GetAsync();
        Assert.Equal(("{\"error\":\"later\"}", "application/json"), (await own.Content.ReadAsStringAsync(), own.Content.Headers.ContentType!.MediaType));
        Assert.NotNull(own.Headers.RetryAfter);
        using var builtIn = await bed.GetAsync("/admin");
        Assert.Contains("<h1>403 Forbidden</h1>", await builtIn.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Rules_change_while_connections_stay()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        async Task<string> AskAsync()
        {
            await connection.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
            return (await connection.ReadUntilAsync("\r\n\r\n"))[..12];
        }
        Assert.Equal("HTTP/1.1 200", await AskAsync());
        (await bed.Frontend.PrepareAsync(
            bed.Frontend.Config with { Access = [new("closed", AccessAction.Deny, new())] },
            new Dictionary<string, DbProxy.LoadBalancer.Backends.Backend> { ["apps"] = bed.Backend })).Commit();
        Assert.Equal("HTTP/1.1 403", await AskAsync());
        Assert.Equal(1, bed.Frontend.Counters.Accepted);
    }
}
