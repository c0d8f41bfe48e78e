using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace DbProxy.IntegrationTests.Admin.Parts;

/// <summary>A page in the browser; what it complains of, such as a refused script, fails the test.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public WatchedPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Dialog += (_, dialog) => _complaints.Enqueue($"dialog: {dialog.Message}");
        page.Console += (_, message) =>
        {
            // The browser notes each refused or failed request; those that tests provoke are none of the page's faults.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _complaints.Enqueue(message.Text);
        };
    }

    public IPage Page { get; }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The row of a table that begins with a name.</summary>
    public ILocator Row(string section, string name) =>
        Page.Locator($"#{section} tbody tr").Filter(new() { Has = Page.Locator("td:first-child > span:first-child", new() { HasText = name }) }).First;

    public Task SeesAsync(ILocator locator, string text) => Assertions.Expect(locator).ToContainTextAsync(text, new() { Timeout = 60_000 });

    /// <summary>Writes a picture beside the tests, for people to look at.</summary>
    public Task PictureAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}.png"), FullPage = true,
    });

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}
