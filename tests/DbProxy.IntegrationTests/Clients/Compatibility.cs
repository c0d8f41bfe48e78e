using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>What one client could do on one kind of server through the proxy.</summary>
/// <param name="State"><c>same</c> as on a direct connection, <c>proxied</c>: works where a direct login is impossible, <c>differs</c> in a known way, or <c>cannot</c>: the client or server has none.</param>
/// <param name="Why">For <c>cannot</c>: the client's own words.</param>
internal sealed record CompatibilityCell(string Client, Flavor Server, string Capability, string State, string Why)
{
    /// <summary>The pseudo capability under which a client's version is kept; never compared.</summary>
    public const string Version = "version";
}

/// <summary>
/// The results behind <c>docs/compatibility.md</c>, in <c>tests/clients/results.tsv</c>. Set
/// <c>DBPROXY_WRITE_COMPATIBILITY=1</c> to write both anew from the runs at hand.
/// </summary>
internal static class Compatibility
{
    private static readonly Lock Writing = new();

    public static bool Writes => Environment.GetEnvironmentVariable("DBPROXY_WRITE_COMPATIBILITY") == "1";

    public static List<CompatibilityCell> Read() => File.Exists(ClientFiles.Results)
        ? [.. File.ReadLines(ClientFiles.Results).Select(l => l.Split('\t'))
            .Select(p => new CompatibilityCell(p[0], p[1] == "mysql" ? Flavor.MySql : Flavor.MariaDb, p[2], p[3], p[4]))]
        : [];

    /// <summary>What the recorded results say differently; empty where they are as recorded. In write mode they are recorded.</summary>
    public static List<string> Record(string client, Flavor flavor, IReadOnlyList<CompatibilityCell> cells)
    {
        lock (Writing)
        {
            var all = Read();
            if (!Writes)
            {
                var recorded = all.Where(c => c.Client == client && c.Server == flavor).ToDictionary(c => c.Capability, c => c.State);
                // A client that was never recorded is a question mark on the page, not an untruth.
                return recorded.Count == 0 ? [] : [.. cells.Where(c => c.Capability != CompatibilityCell.Version && recorded.GetValueOrDefault(c.Capability, "nothing") != c.State)
                    .Select(c => $"{c.Capability}: recorded {recorded.GetValueOrDefault(c.Capability, "nothing")}, now {c.State}")];
            }

            var order = ClientCatalog.All.Select((c, i) => (c.Name, i)).ToDictionary(p => p.Name, p => p.i);
            List<CompatibilityCell> kept = [.. all.Where(c => order.ContainsKey(c.Client) && (c.Client != client || c.Server != flavor)), .. cells];
            var sorted = kept.OrderBy(c => order[c.Client]).ThenBy(c => c.Server).ToList();
            File.WriteAllLines(ClientFiles.Results, sorted.Select(c =>
                string.Join('\t', c.Client, c.Server == Flavor.MySql ? "mysql" : "mariadb", c.Capability, c.State, c.Why)));
            File.WriteAllText(ClientFiles.Documentation, CompatibilityPage.Render(sorted));
            return [];
        }
    }
}
