namespace DbProxy.LocalCluster.Binaries;

/// <summary>
/// Programs beside the database servers, such as nginx: the host's own, or the distribution's package unpacked into the
/// cache folder without installing it.
/// </summary>
internal static class ToolSearch
{
    private static readonly string[] _folders = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"];

    /// <summary>The program's path; null, and lines in <paramref name="tried"/>, where it can't be had.</summary>
    public static async Task<string?> FindAsync(
        string program, string package, LocalClusterOptions options, List<string> tried, CancellationToken cancel)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (path.Concat(_folders).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists) is { } installed)
        {
            return installed;
        }

        tried.Add($"PATH: no {program} there, nor in {string.Join(", ", _folders)}");
        var (distribution, codename) = PackageSearch.HostRelease();
        if (!File.Exists("/usr/bin/apt-get") || PackagePlan.ForTool(package, distribution, codename, AptSource.OfHost()) is not { } plan)
        {
            tried.Add("packages: no apt-get, or no archive of Debian or Ubuntu in its sources");
            return null;
        }

        return await PackageSearch.UnpackOnceAsync(plan, options, tried, cancel) is { } root
            ? _folders.Select(f => Path.Combine(root, f.TrimStart('/'), program)).FirstOrDefault(File.Exists)
            : null;
    }
}
