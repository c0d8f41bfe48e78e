using DbProxy.LocalCluster;

namespace DbProxy.Demo;

/// <summary>Gets a database server from wherever this machine can have one, and starts the cluster.</summary>
internal static class DemoCluster
{
    /// <param name="wanted">MySQL or MariaDB; null: MySQL, else MariaDB.</param>
    /// <param name="progress">Told what takes long.</param>
    /// <param name="error">Told what was tried in vain.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <param name="folder">The parent of the cluster's folder; null: the system's temporary folder.</param>
    /// <returns>The cluster, or null after everything that was tried has been said.</returns>
    public static async Task<ReplicationCluster?> StartAsync(
        ServerFlavor? wanted, Progress progress, TextWriter error, CancellationToken cancel, string? folder = null)
    {
        ServerFlavor[] flavors = wanted is { } one ? [one] : [ServerFlavor.MySql, ServerFlavor.MariaDb];
        List<string> failures = [];
        foreach (var flavor in flavors)
        {
            try
            {
                return await progress.WhileAsync(StartAsync(flavor, progress, folder, cancel));
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

    private static async Task<ReplicationCluster> StartAsync(ServerFlavor flavor, Progress progress, string? folder, CancellationToken cancel)
    {
        progress.Say($"Looking for {Name(flavor)}");
        var options = new ClusterOptions { Binaries = new LocalClusterOptions { Progress = progress.Say }, Folder = folder ?? Path.GetTempPath() };
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
