using System.Diagnostics;
using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlPrimaryLossTests(MySqlFailoverCluster fixture, ITestOutputHelper output) : PrimaryLossTests(fixture, output);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbPrimaryLossTests(MariaDbFailoverCluster fixture, ITestOutputHelper output) : PrimaryLossTests(fixture, output);

/// <summary>The primary dies, comes back, or hands over, while clients write.</summary>
public abstract class PrimaryLossTests(FailoverCluster fixture, ITestOutputHelper output) : FailoverTest(fixture)
{
    [Fact]
    public async Task Without_a_primary_reads_go_on_and_writes_fail_clearly_after_the_configured_wait()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.PrimaryWait = TimeSpan.FromSeconds(1));
        await using var writer = await proxy.ConnectAsync();
        await using var reader = await proxy.ConnectAsync();
        await writer.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1");
        await Cluster.WaitForSyncAsync();
        await Cluster.Primary.KillAsync();
        // Right after the loss, before the monitor has noticed it, and again when it has.
        Assert.NotEqual(Cluster.Primary.ServerId, await reader.ReadAsync());
        await AssertWriteFailsAsync(proxy, clean: false);
        await proxy.UntilAsync(() => proxy[Cluster.Primary].Model.Health == ServerHealth.Down, "the loss is noticed");
        await AssertWriteFailsAsync(proxy, clean: true);
        for (var i = 0; i < 20; i++)
            Assert.NotEqual(Cluster.Primary.ServerId, await reader.ReadAsync());
    }

    [Fact]
    public async Task Without_a_primary_and_with_replicas_that_fall_behind_it_is_ready_for_reads()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.MaxLag = TimeSpan.FromSeconds(1));
        await using var strict = await FailoverProxy.StartAsync(Cluster, o =>
            (o.Routing.MaxLag, o.Routing.WithoutReplica) = (TimeSpan.FromSeconds(1), WithoutReplicaAction.Fail));
        Assert.True(proxy.Server.IsReady && strict.Server.IsReady);
        await Cluster.Primary.KillAsync();
        foreach (var one in (FailoverProxy[])[proxy, strict])
            await one.UntilAsync(() => one.Topology.Current is { Primary: null, Fresh.Length: 0 }, "no replica is fresh");
        Assert.True(proxy.Server.IsReady);
        Assert.False(strict.Server.IsReady);
        await using var reader = await proxy.ConnectAsync();
        Assert.NotEqual(Cluster.Primary.ServerId, await reader.ReadAsync());
    }

    [Fact]
    public async Task A_write_waits_for_a_primary_that_comes_back_in_time()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.PrimaryWait = TimeSpan.FromSeconds(20));
        await using var writer = await proxy.ConnectAsync();
        await Cluster.Primary.KillAsync();
        await proxy.UntilAsync(() => proxy[Cluster.Primary].Model.Health == ServerHealth.Down, "the loss is noticed");
        var write = writer.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1");
        await Cluster.Primary.StartAsync();
        Assert.Equal(1, await write);
    }

    [Fact]
    public async Task A_hanging_primary_fails_writes_in_time_and_hangs_nobody()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o =>
        {
            o.Monitor.Timeout = TimeSpan.FromMilliseconds(500);
            o.Monitor.ConnectTimeout = TimeSpan.FromMilliseconds(500);
            o.Routing.PrimaryWait = TimeSpan.FromSeconds(1);
        });
        var primary = Cluster.Primary;
        var writes = Load.Start(proxy, 5, (connection, session) => WriteAsync(connection, session));
        await writes.MoreAsync(50);
        await primary.PauseAsync();
        await proxy.UntilAsync(() => proxy[primary].Model.Health == ServerHealth.Down, "the hang is noticed");
        await proxy.UntilAsync(() => writes.Errors.Count >= 5, "each write that was under way is answered");
        await using var reader = await proxy.ConnectAsync();
        Assert.NotEqual(primary.ServerId, await reader.ReadAsync());
        await primary.ResumeAsync();
        await writes.MoreAsync(50);
        await writes.StopAsync();
        output.WriteLine(writes.ToString());
        Assert.True(writes.Slowest < TimeSpan.FromSeconds(10), writes.ToString());
        await reader.DisposeAsync();
        await proxy.UntilQuietAsync();

        static async Task<long> WriteAsync(MySqlConnection connection, int session) =>
            await connection.ExecuteAsync($"UPDATE cells SET v = v + 1 WHERE id = {session}");
    }

    [Fact]
    public async Task After_a_restart_no_stale_connection_shows()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var connections = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => proxy.ConnectAsync()));
        await Task.WhenAll(connections.Select((c, i) => c.ExecuteAsync($"UPDATE cells SET v = v + 1 WHERE id = {i}")));
        await Cluster.Primary.RestartAsync();
        await proxy.UntilAsync(() => proxy.IsPrimary(Cluster.Primary), "the primary is back");
        var written = await Task.WhenAll(connections.Select((c, i) => c.ExecuteAsync($"UPDATE cells SET v = v + 1 WHERE id = {i}")));
        Assert.All(written, rows => Assert.Equal(1, rows));
        await Task.WhenAll(connections.Select(c => c.DisposeAsync().AsTask()));
        await proxy.UntilQuietAsync();
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1_500)]
    public async Task A_write_does_not_fail_because_the_server_closed_the_idle_connection(int idleMilliseconds)
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await using var connection = await proxy.ConnectAsync();
        for (var round = 0; round < 5; round++)
        {
            // An insert id keeps the connection with the session for a while; an update that matches nothing does not.
            await connection.ExecuteAsync(round % 2 == 0 ? "INSERT INTO log (note) VALUES ('x')" : "UPDATE cells SET v = 1 WHERE id = -1");
            await KillConnectionsAsync();
            await Task.Delay(idleMilliseconds);
            Assert.Equal(1, await connection.ExecuteAsync("INSERT INTO log (note) VALUES ('y')"));
        }
    }

    [Fact]
    public async Task An_open_transaction_is_lost_whole()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await using var connection = await proxy.ConnectAsync();
        var (before, beforeOther) = (await ValueAsync(11), await ValueAsync(12));
        await connection.ExecuteAsync("BEGIN");
        await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 11");
        await Cluster.Primary.RestartAsync(kill: true);
        await proxy.UntilAsync(() => proxy.IsPrimary(Cluster.Primary), "the primary is back");
        var error = await Assert.ThrowsAsync<MySqlException>(
            () => connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 12"));
        Assert.Contains("Lost connection to server", error.Message);
        // A client that takes no notice and commits must not be told that all is well.
        await Assert.ThrowsAnyAsync<Exception>(() => connection.ExecuteAsync("COMMIT"));
        Assert.Equal(before, await ValueAsync(11));
        Assert.Equal(beforeOther, await ValueAsync(12));
    }

    [Fact]
    public async Task A_promotion_is_followed_and_no_transaction_is_split()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var (former, chosen) = (Cluster.Primary, Cluster.Replicas[0]);
        await Cluster.ExecuteAsync(former, "UPDATE app.cells SET v = 0");
        // Each transaction adds the same to two rows, in several steps: a split one would leave them different.
        var load = Load.Start(proxy, 10, async (connection, session) =>
        {
            await connection.ExecuteAsync("BEGIN");
            await connection.ExecuteAsync($"UPDATE cells SET v = v + 1 WHERE id = {2 * session}");
            var server = (await connection.RowAsync("SELECT @@server_id"))[0];
            await connection.ExecuteAsync($"UPDATE cells SET v = v + 1 WHERE id = {(2 * session) + 1}");
            Assert.Equal(server, (await connection.RowAsync("SELECT @@server_id"))[0]);
            await connection.ExecuteAsync("COMMIT");
            return server;
        });
        await load.MoreAsync(100, former.ServerId);
        await Cluster.PromoteAsync(chosen);
        var promoted = Stopwatch.StartNew();
        await proxy.UntilAsync(() => proxy.IsPrimary(chosen), "the new primary is known");
        var noticed = promoted.Elapsed;
        await load.MoreAsync(200, chosen.ServerId);
        await load.StopAsync();
        output.WriteLine($"noticed after {noticed.TotalMilliseconds:0} ms; {load}");
        Assert.True(noticed < TimeSpan.FromSeconds(1), $"took {noticed}");
        Assert.True(load.Slowest < TimeSpan.FromSeconds(10), load.ToString());
        await AssertWholeAsync(chosen);
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task A_failover_from_a_dead_primary_costs_no_statement_that_comes_after_the_loss()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.PrimaryWait = TimeSpan.FromSeconds(15));
        var (former, chosen) = (Cluster.Primary, Cluster.Replicas[0]);
        await using (var connection = await proxy.ConnectAsync())
        {
            await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1");
        }

        // What the dead primary alone had would make it useless as a replica later.
        await Cluster.WaitForSyncAsync();
        await former.KillAsync();
        var load = Load.Start(proxy, 10, async (connection, session) =>
        {
            await connection.ExecuteAsync($"UPDATE cells SET v = v + 1 WHERE id = {session}");
            await connection.ExecuteAsync("BEGIN");
            var server = await connection.ReadAsync();
            await connection.ExecuteAsync("COMMIT");
            return server;
        });
        await proxy.UntilAsync(() => proxy[former].Model.Health == ServerHealth.Down, "the loss is noticed");
        await Cluster.PromoteAsync(chosen);
        await load.MoreAsync(200, chosen.ServerId);
        // It comes back and takes itself for the primary still.
        await former.StartAsync();
        await load.MoreAsync(100, chosen.ServerId);
        await Cluster.RejoinAsync(former);
        await proxy.UntilAsync(() => proxy.IsFresh(former), "the former primary is a replica");
        await load.StopAsync();
        output.WriteLine(load.ToString());
        load.AssertNoErrors();
        Assert.Equal(load.Total, load.ServedBy(chosen.ServerId));
    }

    private static async Task AssertWriteFailsAsync(FailoverProxy proxy, bool clean)
    {
        await using var writer = await proxy.ConnectAsync();
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<MySqlException>(() => writer.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1"));
        Assert.Contains(clean ? "no primary server" : "server", error.Message);
        Assert.InRange(watch.Elapsed.TotalSeconds, clean ? 0.9 : 0, 12);
    }

    /// <summary>Kills the server's connections of the application's account, as an administrator or wait_timeout would.</summary>
    private async Task KillConnectionsAsync()
    {
        await using var root = await Cluster.ConnectAsync(Cluster.Primary);
        List<long> ids = [];
        await using (var list = new MySqlCommand($"SELECT id FROM {ProcessList.Of(Cluster.Installation.Flavor)} WHERE user = 'app'", root))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                ids.Add(reader.GetInt64(0));
        }

        Assert.NotEmpty(ids);
        foreach (var id in ids)
            await root.ExecuteAsync($"KILL {id}");
    }

    private async Task<long> ValueAsync(int row) =>
        (long)(await Cluster.ScalarAsync(Cluster.Primary, $"SELECT v FROM app.cells WHERE id = {row}"))!;

    private async Task AssertWholeAsync(DbProxy.LocalCluster.LocalServer server)
    {
        var split = await Cluster.ScalarAsync(
            server, "SELECT COUNT(*) FROM app.cells a JOIN app.cells b ON b.id = a.id + 1 WHERE a.id % 2 = 0 AND a.id < 20 AND a.v <> b.v");
        Assert.Equal(0L, split);
    }
}
