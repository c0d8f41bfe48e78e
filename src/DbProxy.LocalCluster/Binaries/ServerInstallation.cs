namespace DbProxy.LocalCluster;

/// <summary>Where an installation came from.</summary>
public enum InstallationOrigin
{
    /// <summary>A path that the options or the environment name.</summary>
    Configured,

    /// <summary>Found on the host.</summary>
    Host,

    /// <summary>Packages unpacked into the cache folder.</summary>
    Packages,

    /// <summary>A container image.</summary>
    Docker,
}

/// <summary>A database server that can be started, and the programs that came with it.</summary>
public sealed record ServerInstallation
{
    /// <summary>MySQL or MariaDB, as the program itself says.</summary>
    public required ServerFlavor Flavor { get; init; }

    /// <summary>The server's version, without suffixes.</summary>
    public required Version Version { get; init; }

    /// <summary>Where it came from.</summary>
    public required InstallationOrigin Origin { get; init; }

    /// <summary>The server program; inside the image for Docker.</summary>
    public required string ServerPath { get; init; }

    /// <summary>The command line client, if there is one; run it by <see cref="Run"/>.</summary>
    public string? ClientPath { get; init; }

    /// <summary>MySQL Router, if it was asked for; run it by <see cref="Run"/>.</summary>
    public string? RouterPath { get; init; }

    /// <summary>The unpacked dynamic loader, or null when the host's own serves.</summary>
    public string? LoaderPath { get; init; }

    /// <summary>The folders of the unpacked libraries, separated by colons.</summary>
    public string? LibraryPath { get; init; }

    /// <summary>The prefix (such as <c>/usr</c>) that holds <c>share</c> and <c>lib</c>, or null to leave the server its own.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>The folder of the server's plugins, if known.</summary>
    public string? PluginFolder { get; init; }

    /// <summary>The folder of messages, character sets and, for MariaDB, the scripts that create system tables.</summary>
    public string? ShareFolder { get; init; }

    /// <summary>The image, for <see cref="InstallationOrigin.Docker"/>.</summary>
    public string? DockerImage { get; init; }

    /// <summary>Whether accounts with client_ed25519 can be created: MariaDB with its plugin file present.</summary>
    public bool SupportsEd25519 => Flavor == ServerFlavor.MariaDb &&
        (DockerImage is not null || (PluginFolder is not null && File.Exists(Path.Combine(PluginFolder, "auth_ed25519.so"))));

    /// <summary>What to execute for a program of this installation: unpacked ones start through their own dynamic loader.</summary>
    public ProgramCommand Run(string program, params IEnumerable<string> arguments) =>
        LoaderPath is null
            ? new(program, [.. arguments])
            : new(LoaderPath, ["--library-path", LibraryPath!, program, .. arguments]);

    /// <summary>Arguments that let the server find its own files where they are now.</summary>
    internal IEnumerable<string> LocationArguments()
    {
        yield return "--no-defaults";
        if (Environment.IsPrivilegedProcess)
        {
            yield return "--user=root";
        }

        if (BaseFolder is null)
        {
            yield break;
        }

        yield return $"--basedir={BaseFolder}";
        yield return $"--lc-messages-dir={ShareFolder}";
        yield return $"--character-sets-dir={Path.Combine(ShareFolder!, "charsets")}";
        if (PluginFolder is not null)
        {
            yield return $"--plugin-dir={PluginFolder}";
        }
    }
}

/// <summary>A program and its arguments, ready for a process start.</summary>
public sealed record ProgramCommand(string FileName, IReadOnlyList<string> Arguments);
