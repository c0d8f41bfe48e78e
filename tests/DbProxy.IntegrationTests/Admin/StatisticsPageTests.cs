using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer.Rules;
using Microsoft.Playwright;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Admin;

/// <summary>The statistics page in a real browser; what a click does is proved by where requests go.</summary>
public sealed class StatisticsPageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_click_drains_a_server_and_another_one_brings_it_back()
    {
        await using var bed = await AdminBed.StartAsync();
        await using var page = await browser.OpenAsync(bed.Address);
        Assert.Equal("ab", await WhoAnswersAsync(bed));
        await page.Button("drain apps/a").ClickAsync();
        await page.Page.GetByLabel("Password").FillAsync("a guess");
        await page.Button("Log in").Last.ClickAsync();
        await page.SeesAsync(page.Page.Locator("#ask-problem"), "Send the password of Admin.Password");
        Assert.Equal("ab", await WhoAnswersAsync(bed));

        await page.Page.GetByLabel("Password").FillAsync(AdminBed.Password);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.GetByLabel("Why").FillAsync("new kernel");
        await page.Button("drain").Last.ClickAsync();
        await page.SeesAsync(page.Row("backends", "a"), "DRAIN");
        await page.SeesAsync(page.Page.Locator("#attention"), "apps/a: new kernel");
        Assert.Equal("b", await WhoAnswersAsync(bed));

        await page.Button("ready apps/a").ClickAsync();
        await page.Button("ready").Last.ClickAsync();
        await page.SeesAsync(page.Row("backends", "a"), "UP");
        Assert.Equal("ab", await WhoAnswersAsync(bed));

        await page.Button("Weight of apps/b").ClickAsync();
        await page.Page.GetByLabel("0 to 256").FillAsync("0");
        await page.Button("Change").ClickAsync();
        await page.SeesAsync(page.Button("Weight of apps/b"), "0");
        Assert.Equal("a", await WhoAnswersAsync(bed));
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using var bed = await AdminBed.StartAsync();
        await using var page = await browser.OpenAsync(bed.Address);
        await page.Button("maint apps/b").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.Keyboard.TypeAsync(AdminBed.Password);
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByLabel("Why")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.Equal("ab", await WhoAnswersAsync(bed));
        await page.Button("maint apps/b").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByLabel("Why")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.SeesAsync(page.Row("backends", "b"), "MAINT");
        Assert.Equal("a", await WhoAnswersAsync(bed));
    }

    [Fact]
    public async Task Names_are_text_and_nothing_else()
    {
        const string Evil = "<img src=x onerror=alert(1)>";
        await using var bed = await AdminBed.StartAsync(o =>
        {
            o.Frontends[0].Name = Evil;
            o.Frontends[0].Access = [new() { Name = $"\"{Evil}", Action = AccessAction.Deny, PathPrefixes = ["/private"] }];
            o.Backends[0].Servers[0].Name = $"'{Evil}";
        });
        bed.Balancer.Backends["apps"].Servers[0].SetAdmin(DbProxy.LoadBalancer.Servers.AdminState.Drain, $"<script>alert(2)</script>{Evil}");
        await using var page = await browser.OpenAsync(bed.Address);
        await page.SeesAsync(page.Page.Locator("#frontends"), Evil);
        await page.SeesAsync(page.Page.Locator("#backends"), Evil);
        await page.SeesAsync(page.Page.Locator("#attention"), "<script>alert(2)</script>");
        Assert.Equal(0, await page.Page.Locator("main img, main script").CountAsync());
    }

    [Fact]
    public async Task Without_a_password_there_is_nothing_to_click_and_with_reads_closed_nothing_to_see()
    {
        await using var open = await AdminBed.StartAsync(o => o.Admin.Password = null);
        await using var page = await browser.OpenAsync(open.Address);
        await page.SeesAsync(page.Page.Locator("#login"), "Actions are switched off");
        await Assertions.Expect(page.Button("drain apps/a")).ToBeDisabledAsync();

        await using var closed = await AdminBed.StartAsync(o => o.Admin.ReadsNeedPassword = true);
        Assert.Equal(HttpStatusCode.Unauthorized, (await closed.Client.GetAsync("/")).StatusCode);
        var login = new Uri($"http://admin:{Uri.EscapeDataString(AdminBed.Password)}@{closed.Address.Authority}/");
        await using var inside = await browser.OpenAsync(login);
        await inside.SeesAsync(inside.Page.Locator("#link"), "live");
        await inside.Button("drain apps/a").ClickAsync();
        await inside.Button("drain").Last.ClickAsync();
        await inside.SeesAsync(inside.Row("backends", "a"), "DRAIN");
    }

    [Fact]
    public async Task Figures_of_a_proxy_that_is_gone_are_shown_as_old_until_it_is_back()
    {
        var port = FreePort();
        await using var bed = await AdminBed.StartAsync(o => o.Admin.Listen = $"127.0.0.1:{port}");
        await using var page = await browser.OpenAsync(bed.Address);
        await page.SeesAsync(page.Page.Locator("#link"), "live");
        await bed.Admin.StopAsync(default);
        await page.SeesAsync(page.Page.Locator("#link"), "no answer for");
        await page.SeesAsync(page.Page.Locator("#notice"), "The figures are old");
        await Assertions.Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(1);
        await Eventually.IsTrueAsync(() => StartsAsync(bed), () => "it listens again");
        await page.SeesAsync(page.Page.Locator("#link"), "live");
        await Assertions.Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light, "desktop")]
    [InlineData(1400, ColorScheme.Dark, "desktop-dark")]
    [InlineData(375, ColorScheme.Light, "phone")]
    public async Task The_web_and_the_database_tier_are_on_one_page_at_every_width(int width, ColorScheme scheme, string picture)
    {
        await using var mysql = await TestBed.StartAsync(Flavor.MySql, null, "CREATE TABLE t (id INT PRIMARY KEY)");
        await using var bed = await AdminBed.StartAsync(proxy: mysql.Proxy.Server);
        await using var session = await mysql.OpenAsync();
        await using var page = await browser.OpenAsync(bed.Address, width, 900, scheme);
        await session.RunAsync("INSERT INTO t VALUES (1)", "SET @x = 1");
        await using var reader = await mysql.OpenAsync();
        for (var i = 0; i < 200; i++)
            await reader.ServerIdAsync();
        await WhoAnswersAsync(bed);
        await page.SeesAsync(page.Row("mysql", "s1"), "primary");
        await page.SeesAsync(page.Row("mysql", "s2"), "replica");
        await page.SeesAsync(page.Page.Locator("#pins"), "user variable");
        await page.SeesAsync(page.Row("frontends", "web"), "20");
        await page.Page.Locator("#sessions summary").ClickAsync();
        await page.SeesAsync(page.Page.Locator("#sessions tbody"), "mysql:");
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways");
        await page.PictureAsync(picture);
    }

    private static async Task<string> WhoAnswersAsync(AdminBed bed)
    {
        var names = new SortedSet<string>();
        for (var i = 0; i < 20; i++)
            names.Add(await bed.Visitor.GetStringAsync("/"));
        return string.Concat(names);
    }

    private static async Task<bool> StartsAsync(AdminBed bed)
    {
        try
        {
            await bed.Admin.StartAsync(default);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Below those that systems give to clients: one of them would take it while nobody listens there.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 30_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another one.
            }
        }
    }
}
