using System.Text.RegularExpressions;
using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Binaries;

/// <summary>Servers that are installed on the host, and the check that a program is the server it seems to be.</summary>
internal static partial class HostSearch
{
    public static string ProgramName(ServerFlavor flavor) => flavor == ServerFlavor.MySql ? "mysqld" : "mariadbd";

    /// <summary>The first fitting server on PATH, or in the folders that a user's PATH often lacks.</summary>
    public static async Task<ServerInstallation?> FindAsync(ServerFlavor flavor, List<string> tried, CancellationToken cancel)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/local/mysql/bin"]).Distinct();
        // Older MariaDB calls itself mysqld; CheckAsync tells them apart.
        string[] names = flavor == ServerFlavor.MySql ? ["mysqld"] : ["mariadbd", "mysqld"];
        var paths = names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).Where(File.Exists).ToArray();
        foreach (var path in paths)
        {
            if (await CheckAsync(Describe(flavor, path), "PATH", tried, cancel) is { } found)
            {
                return found;
            }
        }

        if (paths.Length == 0)
        {
            tried.Add($"PATH: no {string.Join(" or ", names)} there, in /usr/sbin or in /usr/libexec");
        }

        return null;
    }

    /// <summary>What lies around a server program by the usual layout: prefix/sbin, prefix/share/mysql, prefix/lib.</summary>
    public static ServerInstallation Describe(ServerFlavor flavor, string serverPath)
    {
        var prefix = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(serverPath)))!;
        string[] shares = flavor == ServerFlavor.MySql ? ["share/mysql", "share"] : ["share/mariadb", "share/mysql", "share"];
        string[] plugins = ["lib/mysql/plugin", "lib64/mysql/plugin", "lib/mariadb/plugin", "lib/plugin", "lib64/mariadb/plugin"];
        string[] clients = flavor == ServerFlavor.MySql ? ["bin/mysql"] : ["bin/mariadb", "bin/mysql"];
        var share = First(shares.Where(s => Directory.Exists(Path.Combine(prefix, s, "charsets"))));
        return new ServerInstallation
        {
            Flavor = flavor,
            Version = new Version(0, 0),
            Origin = InstallationOrigin.Host,
            ServerPath = serverPath,
            ClientPath = First(clients),
            BaseFolder = share is null ? null : prefix,
            ShareFolder = share,
            PluginFolder = First(plugins),
        };

        string? First(IEnumerable<string> candidates) =>
            candidates.Select(c => Path.Combine(prefix, c)).FirstOrDefault(Path.Exists);
    }

    /// <summary>Asks the program for its version; null, and a line in <paramref name="tried"/>, if it does not fit.</summary>
    public static async Task<ServerInstallation?> CheckAsync(
        ServerInstallation candidate, string way, List<string> tried, CancellationToken cancel)
    {
        var result = await ProgramRunner.RunAsync(
            candidate.Run(candidate.ServerPath, "--no-defaults", "--version"), TimeSpan.FromSeconds(20), cancel);
        var problem = !result.Succeeded ? $"--version failed: {result.Reason}" : Problem(candidate.Flavor, result.Output, out _);
        if (problem is not null)
        {
            tried.Add($"{way}: {candidate.ServerPath}: {problem}");
            return null;
        }

        _ = Problem(candidate.Flavor, result.Output, out var version);
        return candidate with { Version = version };
    }

    /// <summary>Why a server that prints this for --version is not the one looked for, or null.</summary>
    internal static string? Problem(ServerFlavor wanted, string printed, out Version version)
    {
        var match = VersionPattern().Match(printed);
        version = match.Success ? Version.Parse(match.Groups[1].Value) : new Version(0, 0);
        if (!match.Success)
        {
            return $"its --version says no version: {printed.Trim()}";
        }

        var flavor = printed.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? ServerFlavor.MariaDb : ServerFlavor.MySql;
        var oldest = wanted == ServerFlavor.MySql ? new Version(8, 0, 26) : new Version(10, 5);
        return flavor != wanted ? $"it is {flavor} {version}"
            : version < oldest ? $"version {version} is older than {oldest}"
            : null;
    }

    [GeneratedRegex(@"Ver\s+(\d+\.\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
