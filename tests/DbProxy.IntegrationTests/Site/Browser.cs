using Microsoft.Playwright;
using Xunit;

namespace DbProxy.IntegrationTests.Site;

/// <summary>The distribution's Chromium, driven from here.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>A folder for screenshots, such as docs/images; without it none are made.</summary>
    private const string ScreenshotsVariable = "DBPROXY_SCREENSHOTS";

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // A busy machine needs long for a page; only a defect takes as long.
    private const float Patience = 60_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Browser> StartAsync()
    {
        var program = Places.FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Skip("Chromium is not installed (Debian: chromium).");
        var playwright = await Playwright.CreateAsync();
        // Root has no sandbox to put a browser into.
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
            Timeout = Patience,
        }));
    }

    public async Task<IPage> OpenAsync(string url, int width, int height)
    {
        var context = await _browser.NewContextAsync(new()
        {
            IgnoreHTTPSErrors = true, ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        await GoToAsync(page, url);
        return page;
    }

    /// <summary>Whatever interface comes or goes on this machine, Chromium gives up what it is loading.</summary>
    private static async Task GoToAsync(IPage page, string url)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await page.GotoAsync(url);
                return;
            }
            catch (PlaywrightException e) when (attempt < 20 && e.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Keeps a picture of the page, if pictures are wanted.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(ScreenshotsVariable) is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = false });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
