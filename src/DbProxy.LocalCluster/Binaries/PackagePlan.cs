namespace DbProxy.LocalCluster.Binaries;

/// <summary>Which packages of which release make a server.</summary>
/// <param name="Name">Names the unpacked folder in the cache.</param>
/// <param name="Uri">The archive, from the host's own sources.</param>
/// <param name="Suite">The release.</param>
/// <param name="Components">Its components, separated by blanks.</param>
/// <param name="Keyring">The archive's keys, or null for the keys that apt trusts anyway.</param>
/// <param name="Packages">To be unpacked with everything that they depend on, the C library included.</param>
/// <param name="Alone">To be unpacked without what they depend on: only single files of them are wanted.</param>
internal sealed record PackagePlan(
    string Name, string Uri, string Suite, string Components, string? Keyring,
    IReadOnlyList<string> Packages, IReadOnlyList<string> Alone)
{
    private static readonly string[] _debianSuites =
        ["bullseye", "bookworm", "trixie", "forky", "duke", "sid", "stable", "testing", "unstable", "oldstable"];

    /// <summary>The plans for this host in the order to try them; none when its sources name no usable archive.</summary>
    public static IEnumerable<PackagePlan> For(
        ServerFlavor flavor, string? distribution, string? codename, IReadOnlyList<AptSource> sources, bool router)
    {
        foreach (var source in sources.Where(s => IsArchive(s, distribution, codename)).DistinctBy(s => s.Uri.TrimEnd('/')))
        {
            foreach (var plan in distribution == "ubuntu"
                ? Ubuntu(flavor, source, codename!, router)
                : Debian(flavor, source, router))
            {
                yield return plan;
            }
        }
    }

    // MySQL is in no Debian release, only in unstable; MariaDB 10.11 is Debian 12's.
    private static IEnumerable<PackagePlan> Debian(ServerFlavor flavor, AptSource source, bool router)
    {
        var keyring = source.SignedBy ?? Keyrings("debian-archive-keyring");
        yield return flavor == ServerFlavor.MySql
            ? new(router ? "mysql-sid-router" : "mysql-sid", source.Uri, "sid", "main", keyring,
                ["mysql-server-core", "mysql-client-core", .. Router(router)], [])
            // The plugins, auth_ed25519 among them, are in mariadb-server, which depends on half a mail system.
            : new("mariadb-bookworm", source.Uri, "bookworm", "main", keyring,
                ["mariadb-server-core", "mariadb-client-core"], ["mariadb-server"]);
    }

    private static IEnumerable<PackagePlan> Ubuntu(ServerFlavor flavor, AptSource source, string codename, bool router)
    {
        var keyring = source.SignedBy ?? Keyrings("ubuntu-archive-keyring");
        if (flavor == ServerFlavor.MariaDb)
        {
            yield return new($"mariadb-{codename}", source.Uri, codename, "main universe", keyring,
                ["mariadb-server-core", "mariadb-client-core"], ["mariadb-server"]);
            yield break;
        }

        foreach (var version in (string[])["8.4", "8.0"])
        {
            yield return new($"mysql-{codename}-{version}{(router ? "-router" : "")}", source.Uri, codename, "main universe", keyring,
                [$"mysql-server-core-{version}", $"mysql-client-core-{version}", .. Router(router)], []);
        }
    }

    /// <summary>One package of the host's own release, whose programs find on the host what they need.</summary>
    public static PackagePlan? ForTool(string package, string? distribution, string? codename, IReadOnlyList<AptSource> sources) =>
        codename is not null && sources.FirstOrDefault(s => IsArchive(s, distribution, codename)) is { } source
            ? new($"{package}-{codename}", source.Uri, codename, distribution == "ubuntu" ? "main universe" : "main",
                source.SignedBy ?? Keyrings(distribution == "ubuntu" ? "ubuntu-archive-keyring" : "debian-archive-keyring"), [], [package])
            : null;

    private static bool IsArchive(AptSource source, string? distribution, string? codename) =>
        source.Components.Contains("main") &&
        !source.Uri.StartsWith("cdrom:", StringComparison.Ordinal) &&
        !source.Uri.Contains("security", StringComparison.OrdinalIgnoreCase) &&
        source.Suites.Any(suite => distribution == "ubuntu" ? suite == codename : _debianSuites.Contains(suite)) &&
        // Other archives use the same release names; Debian's own is signed by its keyring or ends in its name.
        (distribution == "ubuntu" ||
            source.SignedBy?.Contains("debian-archive", StringComparison.Ordinal) == true ||
            source.Uri.TrimEnd('/').EndsWith("debian", StringComparison.OrdinalIgnoreCase) ||
            source.Uri.StartsWith("mirror+", StringComparison.Ordinal));

    private static string[] Router(bool wanted) => wanted ? ["mysql-router"] : [];

    private static string? Keyrings(string name) =>
        ((string[])[$"/usr/share/keyrings/{name}.gpg", $"/usr/share/keyrings/{name}.pgp"]).FirstOrDefault(File.Exists);
}
