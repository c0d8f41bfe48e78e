using DbProxy.LocalCluster;

namespace DbProxy.Demo;

/// <summary>Gets a database server from wherever this machine can have one, and starts the cluster.</summary>
internal static class DemoCluster
{
    /// <returns>The cluster, or null after everything that was tried has been said.</returns>
    public static async Task<ReplicationCluster?> StartAsync(
        ServerFlavor? wanted, Progress progress, TextWriter error, CancellationToken cancel)
    {
        ServerFlavor[] flavors = wanted is { } one ? [one] : [ServerFlavor.MySql, ServerFlavor.MariaDb];
        List<string> failures = [];
        foreach (var flavor in flavors)
        {
            try
            {
                return await progress.WhileAsync(StartAsync(flavor, progress, cancel));
            }
            catch (Exception e) when (e is ClusterUnavailableException or ServerStartException or TimeoutException or IOException)
            {
                failures.Add(e.Message);
                progress.Say($"{Name(flavor)} can't be had{(flavor == flavors[^1] ? "." : "; trying the next server.")}");
            }
        }

        failures.ForEach(error.WriteLine);
        return null;
    }

    /// <summary>The product's name as people write it.</summary>
    public static string Name(ServerFlavor flavor) => flavor == ServerFlavor.MySql ? "MySQL" : "MariaDB";

    private static async Task<ReplicationCluster> StartAsync(ServerFlavor flavor, Progress progress, CancellationToken cancel)
    {
        progress.Say($"Looking for {Name(flavor)}");
        var options = new ClusterOptions { Binaries = new LocalClusterOptions { Progress = progress.Say } };
        var found = await ServerBinaries.FindAsync(flavor, options.Binaries, cancel);
        if (!found.Found)
        {
            throw new ClusterUnavailableException(found);
        }

        progress.Say(found.Explanation);
        progress.Say($"Starting 1 primary and {options.Replicas} replicas");
        return await ReplicationCluster.StartAsync(found.Installation, options, cancel);
    }
}
