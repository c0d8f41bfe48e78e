using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

[assembly: AssemblyFixture(typeof(Clusters))]

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>
/// One primary and two replicas of each flavor for the whole assembly, started when a test first asks for them. Tests
/// that change a cluster's shape (kill, delay, promote, global variables) start their own by <see cref="StartOwnAsync"/>.
/// </summary>
public sealed class Clusters : IAsyncDisposable
{
    /// <summary>Set to 1 where servers must be there: that none can be had is a failure then, not a skip.</summary>
    public const string RequiredVariable = "DBPROXY_REQUIRE_SERVERS";

    private static readonly Lazy<Task<ReplicationCluster>> MySql = Lazily(Flavor.MySql);
    private static readonly Lazy<Task<ReplicationCluster>> MariaDb = Lazily(Flavor.MariaDb);

    /// <summary>The shared cluster. Skips the test, with the reason, where there is none.</summary>
    public static async Task<ReplicationCluster> SharedAsync(Flavor flavor)
    {
        try
        {
            return await (flavor == Flavor.MySql ? MySql : MariaDb).Value;
        }
        catch (ClusterUnavailableException e)
        {
            return await SkipAsync(flavor, e);
        }
    }

    /// <summary>A cluster of the test's own, which the caller disposes. Skips the test, with the reason, where there is none.</summary>
    public static async Task<ReplicationCluster> StartOwnAsync(Flavor flavor, ClusterOptions? options = null)
    {
        try
        {
            return await ReplicationCluster.StartAsync(flavor, options, TestContext.Current.CancellationToken);
        }
        catch (ClusterUnavailableException e)
        {
            return await SkipAsync(flavor, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in new[] { MySql, MariaDb })
        {
            if (cluster.IsValueCreated && cluster.Value.IsCompletedSuccessfully)
            {
                await (await cluster.Value).DisposeAsync();
            }
        }
    }

    private static Lazy<Task<ReplicationCluster>> Lazily(Flavor flavor) => new(() => Task.Run(async () =>
    {
        var cluster = await ReplicationCluster.StartAsync(flavor);
        // Every test has a schema of its own, named so.
        await cluster.ExecuteAsync(cluster.Primary, $@"GRANT ALL ON `test\_%`.* TO '{cluster.App.User}'@'%'");
        await cluster.WaitForSyncAsync();
        return cluster;
    }));

    private static async Task<ReplicationCluster> SkipAsync(Flavor flavor, ClusterUnavailableException reason)
    {
        if (Environment.GetEnvironmentVariable(RequiredVariable) == "1")
        {
            var other = await ServerBinaries.FindAsync(flavor == Flavor.MySql ? Flavor.MariaDb : Flavor.MySql);
            Assert.True(other.Found, $"{RequiredVariable} is set and neither server can be had.\n{reason.Message}\n{other.Explanation}");
        }

        Assert.Skip(reason.Message);
        throw reason;
    }
}
