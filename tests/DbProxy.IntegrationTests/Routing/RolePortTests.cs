using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Routing;

/// <summary>Listeners for the primary only, and for replicas only.</summary>
public sealed class RolePortTests
{
    [Theory, EachFlavor]
    public async Task At_the_primary_s_port_everything_runs_there(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor);
        await using var session = await OpenAsync(bed, ListenRole.Primary);
        for (var i = 0; i < 5; i++)
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
        await session.RunAsync("START TRANSACTION READ ONLY");
        Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
        await session.RunAsync("COMMIT");
        await session.RunAsync("INSERT INTO t VALUES (1)");
    }

    [Theory, EachFlavor]
    public async Task At_the_replicas_port_reads_spread_over_them_and_writes_are_refused(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor);
        await using var session = await OpenAsync(bed, ListenRole.Replica);
        var seen = new HashSet<long>();
        for (var i = 0; i < 10; i++)
            seen.Add(await session.ServerIdAsync());
        Assert.Equal(bed.Cluster.Replicas.Select(r => (long)r.ServerId).Order(), seen.Order());
        foreach (var write in new[] { "INSERT INTO t VALUES (1)", "CREATE TABLE u (i INT)", "UPDATE t SET i = 2" })
            Assert.Equal(1290, (await Assert.ThrowsAsync<MySqlException>(() => session.RunAsync(write))).Number);
        Assert.Contains(await session.ServerIdAsync(), seen);
    }

    [Theory, EachFlavor]
    public async Task At_the_replicas_port_transactions_and_pins_live_on_one_of_them(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor);
        await using var session = await OpenAsync(bed, ListenRole.Replica);
        await session.RunAsync("BEGIN");
        var server = await session.ServerIdAsync();
        Assert.NotEqual(bed.PrimaryId, server);
        Assert.Equal(1290, (await Assert.ThrowsAsync<MySqlException>(() => session.RunAsync("INSERT INTO t VALUES (1)"))).Number);
        Assert.Equal(server, await session.ServerIdAsync());
        await session.RunAsync("COMMIT");
        await session.RunAsync("SET @a = 42");
        server = await session.ServerIdAsync();
        Assert.NotEqual(bed.PrimaryId, server);
        for (var i = 0; i < 4; i++)
            Assert.Equal((server, 42L), (await session.ServerIdAsync(), await session.NumberAsync("SELECT @a")));
    }

    private static Task<TestBed> StartAsync(Flavor flavor) =>
        TestBed.StartAsync(flavor, o => o.Listen = ["127.0.0.1:0", "primary@127.0.0.1:0", "replica@127.0.0.1:0"], "CREATE TABLE t (i INT)");

    private static Task<MySqlConnection> OpenAsync(TestBed bed, ListenRole role) =>
        bed.OpenAsync(c => c.Port = (uint)bed.Proxy.Server.EndPoints[(int)role].Port);
}
