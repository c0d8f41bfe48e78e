using System.Text;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>Renders <c>docs/compatibility.md</c>.</summary>
internal static class CompatibilityPage
{
    private const string Intro = """
        # Clients that are tested, and what they can do

        Written by the tests from runs of real client programs ([tests/clients](../tests/clients/README.md)): each program runs
        the same list of capabilities on a server directly and through the proxy, with TLS and without, on MySQL 9.7 and on MariaDB
        10.11, and both runs must say the same, rows, types, errors and all. `DBPROXY_WRITE_COMPATIBILITY=1 dotnet test --filter
        FullyQualifiedName~Clients.ClientTests` writes this page anew; a plain `dotnet test` fails where it is not true any more.

        - **✓** through the proxy exactly as directly
        - **⊕** through the proxy only: directly this client cannot log in, since the server has none of the plugins that it knows
        - **≠** works, and differs in a way that is described [below](#what-differs-from-a-direct-connection)
        - **–** not to be had: the client or the server does not have it, [see why](#what-a-client-cannot-do-anyway)

        One sign: on both servers. Two: MySQL / MariaDB.


        """;

    public static string Render(IReadOnlyList<CompatibilityCell> cells)
    {
        StringBuilder page = new(Intro);
        var known = cells.ToDictionary(c => (c.Client, c.Server, c.Capability));
        foreach (var group in ClientCatalog.All.GroupBy(c => (c.Group, c.List)))
        {
            Table(page, group.Key.Group, [.. group], ClientFiles.Capabilities[group.Key.List], known);
        }

        Differences(page, cells);
        Reasons(page, cells);
        return page.ToString();
    }

    private static void Table(
        StringBuilder page, string title, ClientEntry[] clients, IReadOnlyList<(string Name, string Meaning)> capabilities,
        Dictionary<(string, Flavor, string), CompatibilityCell> known)
    {
        page.Append($"## {title}\n\n| | {string.Join(" | ", clients.Select(c => c.Name))} | what it is |\n");
        page.Append($"|---|{string.Concat(clients.Select(_ => ":-:|"))}---|\n");
        page.Append($"| version | {string.Join(" | ", clients.Select(c => VersionOf(c.Name, known)))} | |\n");
        foreach (var (name, meaning) in capabilities)
        {
            page.Append($"| `{name}` | {string.Join(" | ", clients.Select(c => Sign(c.Name, name, known)))} | {meaning} |\n");
        }

        page.Append('\n');
    }

    private static string VersionOf(string client, Dictionary<(string, Flavor, string), CompatibilityCell> known) =>
        (known.GetValueOrDefault((client, Flavor.MySql, CompatibilityCell.Version)) ?? known.GetValueOrDefault((client, Flavor.MariaDb, CompatibilityCell.Version)))?.Why ?? "?";

    private static string Sign(string client, string capability, Dictionary<(string, Flavor, string), CompatibilityCell> known)
    {
        var (mysql, mariadb) = (One(Flavor.MySql), One(Flavor.MariaDb));
        return mysql == mariadb ? mysql : $"{mysql} / {mariadb}";
        string One(Flavor flavor) => known.GetValueOrDefault((client, flavor, capability))?.State switch
        {
            "same" => "✓",
            "proxied" => "⊕",
            "differs" => "≠",
            "cannot" => "–",
            _ => "?",
        };
    }

    private static void Differences(StringBuilder page, IReadOnlyList<CompatibilityCell> cells)
    {
        page.Append("## What differs from a direct connection\n\n");
        foreach (var difference in KnownDifferences.All)
        {
            var clients = cells.Where(c => c.State == "differs" && difference.Covers(c.Client, c.Server, c.Capability)).Select(c => c.Client).Distinct().ToList();
            if (clients.Count > 0)
            {
                var server = difference.Server switch { "mysql" => " on MySQL", "mariadb" => " on MariaDB", _ => "" };
                page.Append($"- `{difference.Capability}`{server} ({string.Join(", ", clients)}): {difference.Reason}\n");
            }
        }

        page.Append('\n');
    }

    private static void Reasons(StringBuilder page, IReadOnlyList<CompatibilityCell> cells)
    {
        page.Append("## What a client cannot do anyway\n\n");
        foreach (var client in cells.Where(c => c.State == "cannot" && c.Why != "the server has no such accounts").GroupBy(c => c.Client))
        {
            var reasons = client.GroupBy(c => c.Why).Select(g => $"{g.Key} ({string.Join(", ", g.Select(c => $"`{c.Capability}`").Distinct())})");
            page.Append($"- {client.Key}: {string.Join("; ", reasons)}\n");
        }

        page.Append("\nAccounts of `caching_sha2_password` and `sha256_password` are MySQL's, those of `mysql_native_password` and `ed25519` MariaDB's.\n");
    }
}
