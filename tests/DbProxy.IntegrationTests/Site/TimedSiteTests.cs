using DbProxy.IntegrationTests.Demo;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Site;

/// <summary><c>demo --full</c> that ends by itself; MariaDB's, for the site of the other tests is MySQL's where there is one.</summary>
[Collection(nameof(Site))]
public sealed class TimedSiteTests
{
    [Fact]
    public async Task A_timed_site_of_MariaDB_serves_a_client_outside_and_leaves_nothing_behind()
    {
        if (!File.Exists("/usr/sbin/nginx"))
            Assert.Skip("nginx is not installed (Debian: nginx-light).");
        var found = await ServerBinaries.FindAsync(Flavor.MariaDb, cancel: TestContext.Current.CancellationToken);
        if (!found.Found)
            Assert.Skip(found.Explanation);
        await using var demo = ChildProcess.Start("demo", "--full", "--flavor", "mariadb", "--seconds", "5");
        Assert.True(await demo.EndsAsync() == 0, demo.Output);
        Assert.Matches(@"(?m)^Databases: +MariaDB .*TLS$", demo.Output);
        Assert.Matches(@"(?m)^  requests +[1-9]\d*, 0 failed$", demo.Output);
        Assert.Matches(@"(?m)^  reads from .*db[23] [1-9]", demo.Output);
        Assert.Matches(@"(?m)^  writes to +db1 [1-9]", demo.Output);
        demo.LeftNothing();
    }
}
