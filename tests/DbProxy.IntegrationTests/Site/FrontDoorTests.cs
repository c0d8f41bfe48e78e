using System.Net;
using System.Text.Json;
using DbProxy.Demo.Site.Members;
using DbProxy.IntegrationTests.Infrastructure;
using Xunit;

namespace DbProxy.IntegrationTests.Site;

/// <summary>What the front ends and web servers do for those outside, and what they keep from them.</summary>
[Collection(nameof(Site))]
public sealed class FrontDoorTests
{
    [Fact]
    public async Task Files_come_from_the_web_servers_with_cache_headers_and_pages_from_the_applications()
    {
        var site = await RunningSite.GetAsync();
        using var http = await site.ClientAsync();
        using var file = await http.GetAsync("/static/shop.css", TestContext.Current.CancellationToken);
        Assert.Equal("max-age=3600", file.Headers.GetValues("Cache-Control").Single().Split(", ")[1]);
        Assert.StartsWith("web", file.Headers.GetValues("X-Web-Server").Single(), StringComparison.Ordinal);
        Assert.False(file.Headers.Contains("X-App-Server"));
        using var page = await http.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.StartsWith("app", page.Headers.GetValues("X-App-Server").Single(), StringComparison.Ordinal);
        Assert.StartsWith("front", page.Headers.GetValues("X-Front-End").Single(), StringComparison.Ordinal);
        Assert.True(page.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/metrics", HttpStatusCode.NotFound)]
    [InlineData("/readyz", HttpStatusCode.NotFound)]
    [InlineData("/.git/config", HttpStatusCode.Forbidden)]
    [InlineData("/index.php", HttpStatusCode.Forbidden)]
    public async Task What_is_for_operators_only_or_for_nobody_is_not_given_out(string path, HttpStatusCode status)
    {
        var site = await RunningSite.GetAsync();
        using var http = await site.ClientAsync();
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task An_order_shows_who_wrote_it_and_who_read_it_back()
    {
        var site = await RunningSite.GetAsync();
        var primary = (await site.ViewAsync()).Primary;
        using var http = await site.ClientAsync();
        using var body = new StringContent("""{"productId":2,"quantity":3,"customer":"Ada"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/orders", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var order = json.RootElement.GetProperty("orders").EnumerateArray()
            .Single(o => o.GetProperty("id").GetInt64() == json.RootElement.GetProperty("id").GetInt64());
        Assert.Equal("Ada", order.GetProperty("customer").GetString());
        Assert.EndsWith($"/{primary[2..]}", order.GetProperty("writtenBy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_scrapes_everything_and_has_the_alert_rules()
    {
        var site = await RunningSite.GetAsync();
        var view = await site.ViewAsync();
        var prometheus = view.Members.FirstOrDefault(m => m.Tier == Tiers.Monitoring);
        if (prometheus is null)
            Assert.Skip("Prometheus can't be had.");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(prometheus.Address) };
        var scraped = view.Members.Count(m => m.Metrics is not null);
        await Eventually.IsTrueAsync(async () =>
        {
            using var targets = JsonDocument.Parse(await http.GetStringAsync("/api/v1/targets", TestContext.Current.CancellationToken));
            return targets.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray()
                .Count(t => t.GetProperty("health").GetString() == "up") == scraped;
        }, () => $"Prometheus sees {scraped} targets up");
        Assert.Contains("PrimaryLost", await http.GetStringAsync("/api/v1/rules", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
