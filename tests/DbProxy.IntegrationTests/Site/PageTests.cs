using DbProxy.Demo.Site.Control;
using DbProxy.IntegrationTests.Admin.Parts;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DbProxy.IntegrationTests.Site;

/// <summary>The sample application's page in a real browser, through the whole site.</summary>
[Collection(nameof(Site))]
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    // Milliseconds: only a defect takes as long.
    private const float Patience = 60_000;

    [Fact]
    public async Task An_order_is_on_the_page_at_once()
    {
        await using var watched = await OpenAsync(1100, 980);
        var page = watched.Page;
        await page.GetByLabel("Your name").FillAsync("Grace");
        await OrderAsync(page, "Flat white");
        await Expect(page.Locator("#orders tr.own")).ToContainTextAsync("Grace");
        foreach (var header in (string[])["X-Front-End", "X-Web-Server", "X-App-Server", "X-Db-Read", "X-Db-Write"])
            await Expect(Server(page, header)).Not.ToHaveTextAsync("–");
        await watched.PictureAsync("shop");
    }

    [Fact]
    public async Task Servers_die_and_the_page_shows_others_and_takes_orders()
    {
        var site = await RunningSite.GetAsync();
        await using var watched = await OpenAsync(1100, 980);
        var page = watched.Page;
        await Expect(Server(page, "X-App-Server")).ToHaveTextAsync("app1");
        string[] victims = ["web1", "app1", "proxy1"];
        foreach (var victim in victims)
            await site.DoAsync(SiteAction.Kill, victim);
        try
        {
            await Expect(Server(page, "X-App-Server")).ToHaveTextAsync("app2");
            await Expect(Server(page, "X-Web-Server")).ToHaveTextAsync("web2");
            await OrderAsync(page, "Apple cake");
        }
        finally
        {
            foreach (var victim in victims.Reverse())
                await site.DoAsync(SiteAction.Start, victim);
        }

        await Expect(Server(page, "X-App-Server")).ToHaveTextAsync("app1");
        await Expect(Server(page, "X-Web-Server")).ToHaveTextAsync("web1");
    }

    [Fact]
    public async Task It_fits_a_phone_and_says_what_is_wrong()
    {
        var site = await RunningSite.GetAsync();
        await using var watched = await OpenAsync(390, 844);
        var page = watched.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Order Espresso" })).ToBeVisibleAsync();
        await watched.PictureAsync("shop-phone");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "It is wider than the screen.");
        string[] apps = ["app1", "app2"];
        foreach (var app in apps)
            await site.DoAsync(SiteAction.Kill, app);
        try
        {
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The site answered 502");
        }
        finally
        {
            foreach (var app in apps)
                await site.DoAsync(SiteAction.Start, app);
        }

        await Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
    }

    /// <summary>Orders and sees it: the row of one's own order, which the answer itself holds. A browser that lost its network tries again.</summary>
    private static async Task OrderAsync(IPage page, string product)
    {
        var (own, alert) = (page.Locator("#orders tr.own"), page.GetByRole(AriaRole.Alert));
        for (var attempt = 1; attempt == 1 || (attempt < 20 && await own.CountAsync() == 0); attempt++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = $"Order {product}" }).ClickAsync();
            await Expect(own.Or(alert.Filter(new() { HasText = "The site did not answer." })).First).ToBeVisibleAsync();
        }

        await Expect(own).ToContainTextAsync($"1 × {product}");
    }

    private static ILocator Server(IPage page, string header) => page.Locator($"#route [data-header='{header}'] b");

    private async Task<WatchedPage> OpenAsync(int width, int height)
    {
        var site = await RunningSite.GetAsync();
        SetDefaultExpectTimeout(Patience);
        return await browser.OpenAsync(new($"https://localhost:{(await site.ViewAsync()).Port}/"), width, height);
    }
}
