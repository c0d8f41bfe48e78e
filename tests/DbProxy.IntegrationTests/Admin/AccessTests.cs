using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.LoadBalancer.Servers;
using Xunit;

namespace DbProxy.IntegrationTests.Admin;

/// <summary>Who may look, and who may act.</summary>
public sealed class AccessTests
{
    private const string ServerA = "/api/v1/backends/apps/servers/a";
    private const string Drain = """{ "state": "drain" }""";

    [Fact]
    public async Task The_password_by_either_scheme_lets_act_and_nothing_else_does()
    {
        await using var bed = await AdminBed.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, AdminBed.Bearer("wrong")));
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, AdminBed.Bearer("")));
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, AdminBed.Basic("admin", "wrong")));
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, AdminBed.Basic("root", AdminBed.Password)));
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, new("Basic", "no base 64")));
        Assert.Equal(HttpStatusCode.Unauthorized, await DrainAsync(bed, new("Digest", AdminBed.Password)));
        Assert.Equal(AdminState.Ready, bed.Balancer.Backends["apps"].Servers[0].Status.Admin);

        Assert.Equal(HttpStatusCode.OK, await DrainAsync(bed, AdminBed.Bearer(AdminBed.Password)));
        Assert.Equal(AdminState.Drain, bed.Balancer.Backends["apps"].Servers[0].Status.Admin);
        Assert.Equal(HttpStatusCode.OK, await DrainAsync(bed, AdminBed.Basic("admin", AdminBed.Password)));
        Assert.Contains(bed.Log.Lines, l => l.Id.Id == 1203 && l.Text.StartsWith("admin at 127.0.0.1: PATCH /api/v1/backends/apps/servers/a 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_configured_password_actions_say_how_to_switch_them_on()
    {
        await using var bed = await AdminBed.StartAsync(o => o.Admin.Password = null);
        using var response = await bed.SendAsync(HttpMethod.Patch, ServerA, Drain, AdminBed.Bearer("anything"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("DBPROXY_ADMIN_PASSWORD", await DetailAsync(response), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bed, "/api/v1/stats", null));
    }

    [Fact]
    public async Task Reads_are_open_unless_configured_and_health_and_metrics_are_always()
    {
        await using var open = await AdminBed.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(open, "/api/v1/stats", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(open, "/api/v1/stats", AdminBed.Bearer("wrong")));
        await using var closed = await AdminBed.StartAsync(o => o.Admin.ReadsNeedPassword = true);
        foreach (var path in (string[])["/api/v1/stats", "/api/v1/openapi.json", "/", "/nowhere"])
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(closed, path, null));
        foreach (var path in (string[])["/healthz", "/readyz", "/metrics"])
            Assert.Equal(HttpStatusCode.OK, await GetAsync(closed, path, null));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(closed, "/api/v1/stats", AdminBed.Basic("admin", AdminBed.Password)));
    }

    [Fact]
    public async Task Browsers_are_asked_by_basic_but_the_page_s_own_requests_are_not()
    {
        await using var bed = await AdminBed.StartAsync(o => o.Admin.ReadsNeedPassword = true);
        using var browser = await bed.SendAsync(HttpMethod.Get, "/");
        Assert.Equal("Basic", Assert.Single(browser.Headers.WwwAuthenticate).Scheme);
        using var page = await bed.SendAsync(HttpMethod.Get, "/api/v1/stats", null, null, ("X-DbProxy", "1"));
        Assert.Equal("Bearer", Assert.Single(page.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("http://evil.example", null)]
    [InlineData("null", null)]
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    public async Task An_action_of_another_site_s_page_is_refused_whatever_it_carries(string? origin, string? site)
    {
        await using var bed = await AdminBed.StartAsync();
        List<(string, string)> headers = [("X-DbProxy", "1")];
        if (origin is not null) headers.Add(("Origin", origin));
        if (site is not null) headers.Add(("Sec-Fetch-Site", site));
        using var response = await bed.SendAsync(HttpMethod.Patch, ServerA, Drain, AdminBed.Bearer(AdminBed.Password), [.. headers]);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        using var own = await bed.SendAsync(HttpMethod.Patch, ServerA, Drain, AdminBed.Bearer(AdminBed.Password),
            ("Origin", bed.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task What_a_form_can_send_is_no_action()
    {
        await using var bed = await AdminBed.StartAsync();
        using var form = new HttpRequestMessage(HttpMethod.Post, "/api/v1/counters/reset");
        form.Headers.Authorization = AdminBed.Basic("admin", AdminBed.Password);
        form.Content = new StringContent(Drain, new MediaTypeHeaderValue("text/plain"));
        using var refused = await bed.Client.SendAsync(form);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("X-DbProxy", await DetailAsync(refused), StringComparison.Ordinal);
        using var marked = await bed.SendAsync(HttpMethod.Post, "/api/v1/counters/reset", null, AdminBed.Bearer(AdminBed.Password), ("X-DbProxy", "1"));
        Assert.Equal(HttpStatusCode.NoContent, marked.StatusCode);
    }

    [Fact]
    public async Task Guessing_is_slowed_until_even_the_right_password_must_wait()
    {
        await using var bed = await AdminBed.StartAsync();
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(bed, "/api/v1/stats", AdminBed.Bearer($"guess {i}")));
        using var response = await bed.SendAsync(HttpMethod.Get, "/api/v1/stats", null, AdminBed.Bearer(AdminBed.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bed, "/api/v1/stats", null));
        Assert.Equal(10, bed.Log.Lines.Count(l => l.Id.Id == 1202));
        Assert.DoesNotContain(bed.Log.Lines, l => l.Text.Contains("guess", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tls_ends_here_where_it_is_configured()
    {
        await using var bed = await AdminBed.StartAsync(o => o.Admin.Tls.Enabled = true);
        Assert.Equal("https", bed.Address.Scheme);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bed, "/healthz", null));
        Assert.Equal(HttpStatusCode.OK, await DrainAsync(bed, AdminBed.Bearer(AdminBed.Password)));
    }

    [Fact]
    public async Task Answers_are_not_kept_framed_or_guessed_at()
    {
        await using var bed = await AdminBed.StartAsync();
        using var response = await bed.SendAsync(HttpMethod.Get, "/api/v1/stats");
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> DrainAsync(AdminBed bed, AuthenticationHeaderValue? login)
    {
        using var response = await bed.SendAsync(HttpMethod.Patch, ServerA, Drain, login);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> GetAsync(AdminBed bed, string path, AuthenticationHeaderValue? login)
    {
        using var response = await bed.SendAsync(HttpMethod.Get, path, null, login);
        return response.StatusCode;
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}
