using DbProxy.LocalCluster.Binaries;

namespace DbProxy.LocalCluster;

/// <summary>Finds a database server for this machine, or makes one available without root.</summary>
public static class ServerBinaries
{
    /// <summary>
    /// Tries in this order: the configured path; the host's own server; packages of Debian or Ubuntu, downloaded once
    /// into the cache folder; a container engine. A configured path that does not fit is not replaced by another way.
    /// </summary>
    /// <returns>The server, or everything that was tried with the reasons.</returns>
    public static async Task<BinariesResult> FindAsync(
        ServerFlavor flavor, LocalClusterOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new LocalClusterOptions();
        List<string> tried = [];
        return new BinariesResult(flavor, await SearchAsync(flavor, options, tried, cancel), tried);
    }

    private static async Task<ServerInstallation?> SearchAsync(
        ServerFlavor flavor, LocalClusterOptions options, List<string> tried, CancellationToken cancel)
    {
        if (options.ConfiguredPath(flavor) is { } path)
        {
            var configured = HostSearch.Describe(flavor, path) with { Origin = InstallationOrigin.Configured };
            return await HostSearch.CheckAsync(configured, "configured path", tried, cancel);
        }

        if (!OperatingSystem.IsLinux())
        {
            tried.Add("this machine: servers are started on Linux only (a configured path is tried everywhere)");
            return null;
        }

        // The host's MySQL has no router beside it that would be known to fit.
        var host = options.IgnorePath || (options.IncludeRouter && flavor == ServerFlavor.MySql)
            ? Skipped(tried)
            : await HostSearch.FindAsync(flavor, tried, cancel);
        return host
            ?? await PackageSearch.FindAsync(flavor, options, tried, cancel)
            ?? (options.AllowDocker ? await DockerSearch.FindAsync(flavor, options, tried, cancel) : null);
    }

    private static ServerInstallation? Skipped(List<string> tried)
    {
        tried.Add("PATH: not looked at, by the options");
        return null;
    }
}
