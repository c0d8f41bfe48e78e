using DbProxy.LocalCluster;
using Xunit;

namespace DbProxy.IntegrationTests.LocalCluster;

/// <summary>Starts clusters for tests; a machine without servers is a skip that names everything that was tried.</summary>
internal static class Clusters
{
    public static async Task<ReplicationCluster> StartOrSkipAsync(ServerFlavor flavor, ClusterOptions? options = null)
    {
        try
        {
            return await ReplicationCluster.StartAsync(flavor, options, TestContext.Current.CancellationToken);
        }
        catch (ClusterUnavailableException none)
        {
            Assert.Skip(none.Message);
            throw;
        }
    }
}
