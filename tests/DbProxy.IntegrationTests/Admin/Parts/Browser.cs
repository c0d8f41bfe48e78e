using Microsoft.Playwright;
using Xunit;

namespace DbProxy.IntegrationTests.Admin.Parts;

/// <summary>The machine's Chromium, driven by Playwright; started once for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
            return;
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            // Root, as in CI's containers, may not have a sandbox; what is opened is our own page.
            ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"], Timeout = 120_000,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A page of its own; the test is skipped where there is no browser.</summary>
    internal async Task<WatchedPage> OpenAsync(Uri address, int width = 1400, int height = 1000, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, $"no browser: none of {string.Join(", ", Names)} is on the PATH");
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(60_000);
        var page = new WatchedPage(await context.NewPageAsync());
        await GoToAsync(page.Page, address);
        return page;
    }

    /// <summary>Whenever an interface comes or goes on this machine, as those of containers do, Chromium gives up what it is loading.</summary>
    private static async Task GoToAsync(IPage page, Uri address)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await page.GotoAsync(address.ToString());
                return;
            }
            catch (PlaywrightException e) when (attempt < 20 && e.Message.Contains("ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from name in Names
         select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
