using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Binaries;

/// <summary>Servers from the distribution's packages, unpacked into the cache folder without installing them.</summary>
internal static class PackageSearch
{
    public static async Task<ServerInstallation?> FindAsync(
        ServerFlavor flavor, LocalClusterOptions options, List<string> tried, CancellationToken cancel)
    {
        var (distribution, codename) = HostRelease();
        if (!File.Exists("/usr/bin/apt-get") || !File.Exists("/usr/bin/dpkg"))
        {
            tried.Add("packages: no apt-get and dpkg here (not Debian or Ubuntu)");
            return null;
        }

        var plans = PackagePlan.For(flavor, distribution, codename, AptSource.OfHost(), options.IncludeRouter).ToArray();
        if (plans.Length == 0)
        {
            tried.Add("packages: no Debian or Ubuntu archive in /etc/apt/sources.list and /etc/apt/sources.list.d");
        }

        foreach (var plan in plans)
        {
            var root = await UnpackOnceAsync(plan, options, tried, cancel);
            if (root is not null && await DescribeAsync(flavor, root, tried, cancel) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The folder with a plan's unpacked packages; null, and a line in <paramref name="tried"/>, if they can't be had.</summary>
    public static async Task<string?> UnpackOnceAsync(
        PackagePlan plan, LocalClusterOptions options, List<string> tried, CancellationToken cancel)
    {
        var root = Path.Combine(options.CacheFolder, "servers", plan.Name);
        if (!Directory.Exists(root) && Directory.Exists(root + "-router"))
        {
            root += "-router";
        }

        if (!options.AllowDownload && !Directory.Exists(root))
        {
            tried.Add($"packages: {plan.Name} is not in the cache, and downloads are not allowed");
            return null;
        }

        var workspace = root + ".apt";
        try
        {
            return await Folders.MakeOnceAsync(root, async partial =>
            {
                options.Progress?.Invoke($"Downloading {string.Join(", ", [.. plan.Packages, .. plan.Alone])} ({plan.Suite}), once, into {root}");
                if (await new AptWorkspace(workspace).UnpackAsync(plan, partial, cancel) is { } failure)
                {
                    throw new IOException(failure);
                }
            }, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            tried.Add($"packages: {error.Message}");
            return null;
        }
        finally
        {
            if (Directory.Exists(root))
            {
                Folders.Delete(workspace);
            }
        }
    }

    private static async Task<ServerInstallation?> DescribeAsync(
        ServerFlavor flavor, string root, List<string> tried, CancellationToken cancel)
    {
        var triplet = Directory.GetFiles(root, "libc.so.6", SearchOption.AllDirectories).FirstOrDefault();
        var libraries = triplet is null ? null : Path.GetFileName(Path.GetDirectoryName(triplet));
        var loader = Directory.EnumerateFiles(root, "ld-linux*.so.*", SearchOption.AllDirectories)
            // The copy in lib64 is a link, in older releases one that leads out of the unpacked tree.
            .FirstOrDefault(file => new FileInfo(file).LinkTarget is null);
        if (libraries is null || loader is null)
        {
            tried.Add($"packages: {root} holds no C library or dynamic loader; delete it to unpack it again");
            return null;
        }

        string[] folders = [$"usr/lib/{libraries}", $"lib/{libraries}", "usr/lib/mysql-router"];
        var candidate = HostSearch.Describe(flavor, Path.Combine(root, "usr/sbin", HostSearch.ProgramName(flavor))) with
        {
            Origin = InstallationOrigin.Packages,
            LoaderPath = loader,
            LibraryPath = string.Join(':', folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists)),
            ClientPath = Existing(root, flavor == ServerFlavor.MySql ? "usr/bin/mysql" : "usr/bin/mariadb"),
            RouterPath = Existing(root, "usr/bin/mysqlrouter"),
        };
        return await HostSearch.CheckAsync(candidate, "packages", tried, cancel);
    }

    private static string? Existing(string root, string path) =>
        Path.Combine(root, path) is var full && File.Exists(full) ? full : null;

    /// <summary>As os-release(5) names them.</summary>
    public static (string? Distribution, string? Codename) HostRelease()
    {
        if (!File.Exists("/etc/os-release"))
        {
            return default;
        }

        var lines = File.ReadAllLines("/etc/os-release");
        return (Value("ID="), Value("VERSION_CODENAME="));

        string? Value(string key) => lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim('"');
    }
}
