using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>One accepted difference from a direct connection.</summary>
/// <param name="Client">Its name, or <c>*</c>.</param>
/// <param name="Server"><c>mysql</c>, <c>mariadb</c> or <c>*</c>.</param>
/// <param name="Capability">The capability's name.</param>
/// <param name="Always">False: only in some runs, so that its absence proves nothing.</param>
/// <param name="Reason">Why, for the matrix.</param>
internal sealed record KnownDifference(string Client, string Server, string Capability, bool Always, string Reason)
{
    public bool Covers(string client, Flavor flavor, string capability) =>
        (Client == "*" || Client == client) && Capability == capability
        && (Server == "*" || Server == (flavor == Flavor.MySql ? "mysql" : "mariadb"));
}

/// <summary>The list <c>tests/clients/differences.txt</c>.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyList<KnownDifference> All { get; } =
        [.. ClientFiles.Lines("differences.txt").Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(p => new KnownDifference(p[0], p[1], p[2], p[3] == "always", p[4]))];

    public static KnownDifference? Find(string client, Flavor flavor, string capability) =>
        All.FirstOrDefault(d => d.Covers(client, flavor, capability));
}
