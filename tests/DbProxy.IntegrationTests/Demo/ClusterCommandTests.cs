using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Demo;

public sealed class ClusterCommandTests
{
    [Fact]
    public async Task Ctrl_C_left_the_data_folders_of_a_cluster_behind()
    {
        var maria = await ServerBinaries.FindAsync(Flavor.MariaDb, cancel: TestContext.Current.CancellationToken);
        var found = maria.Found ? maria : await ServerBinaries.FindAsync(Flavor.MySql, cancel: TestContext.Current.CancellationToken);
        if (!found.Found)
        {
            Assert.Skip(maria.Explanation + "\n" + found.Explanation);
        }

        await using var cluster = ChildProcess.Start("cluster", "--replicas", "0", "--flavor", maria.Found ? "mariadb" : "mysql");
        await cluster.SaysAsync("Connection string:");
        cluster.Signal(ChildProcess.Interrupt);
        Assert.Equal(0, await cluster.EndsAsync());
        cluster.LeftNothing();
    }
}
