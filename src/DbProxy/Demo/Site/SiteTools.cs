using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Binaries;

namespace DbProxy.Demo.Site;

/// <summary>The programs that others make: nginx must be there, Prometheus may.</summary>
internal sealed record SiteTools(string Nginx, string? Prometheus)
{
    /// <exception cref="SiteException">nginx can't be had; the message says what was tried.</exception>
    public static async Task<SiteTools> FindAsync(Progress progress, CancellationToken cancel)
    {
        var options = new LocalClusterOptions { Progress = progress.Say };
        List<string> tried = [];
        progress.Say("Looking for nginx and Prometheus");
        var nginx = await progress.WhileAsync(ToolSearch.FindAsync("nginx", "nginx", options, tried, cancel))
            ?? throw new SiteException($"nginx can't be had. Tried:\n  {string.Join("\n  ", tried)}");
        tried.Clear();
        var prometheus = await progress.WhileAsync(ToolSearch.FindAsync("prometheus", "prometheus", options, tried, cancel));
        if (prometheus is null)
            progress.Say($"Without Prometheus, which can't be had: {string.Join("; ", tried)}");
        return new(nginx, prometheus);
    }
}
