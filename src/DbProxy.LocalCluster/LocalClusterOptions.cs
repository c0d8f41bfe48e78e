namespace DbProxy.LocalCluster;

/// <summary>Where server programs may come from. The defaults try everything and ask nothing.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Path of <c>mysqld</c>; default: the environment variable <c>DBPROXY_MYSQLD</c>. When set, nothing else is tried.</summary>
    public string? MySqlServerPath { get; init; } = NonEmpty("DBPROXY_MYSQLD");

    /// <summary>Path of <c>mariadbd</c>; default: the environment variable <c>DBPROXY_MARIADBD</c>. When set, nothing else is tried.</summary>
    public string? MariaDbServerPath { get; init; } = NonEmpty("DBPROXY_MARIADBD");

    /// <summary>True: servers installed on the host are not looked at. Default false.</summary>
    public bool IgnorePath { get; init; }

    /// <summary>False: no packages are downloaded; a cache that is already filled is still used. Default true.</summary>
    public bool AllowDownload { get; init; } = true;

    /// <summary>False: no container engine is asked. Default true.</summary>
    public bool AllowDocker { get; init; } = true;

    /// <summary>True: MySQL Router is unpacked beside MySQL (about 60 MB more). Default false. Only for packages.</summary>
    public bool IncludeRouter { get; init; }

    /// <summary>
    /// Folder for unpacked packages and initialised data directories, about 600 MB. Default: <c>DBPROXY_CACHE</c>,
    /// else <c>dbproxy</c> under <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.
    /// </summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder();

    /// <summary>Receives one line for each step that takes long, such as a download. Default: nobody.</summary>
    public Action<string>? Progress { get; init; }

    internal string? ConfiguredPath(ServerFlavor flavor) =>
        flavor == ServerFlavor.MySql ? MySqlServerPath : MariaDbServerPath;

    private static string DefaultCacheFolder()
    {
        if (NonEmpty("DBPROXY_CACHE") is { } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // A service account may have no home at all; the temp folder costs it a download after each reboot.
        var root = NonEmpty("XDG_CACHE_HOME") ?? (home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath());
        return Path.Combine(root, "dbproxy");
    }

    private static string? NonEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
