using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlReplicaLossTests(MySqlFailoverCluster fixture, ITestOutputHelper output) : ReplicaLossTests(fixture, output);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbReplicaLossTests(MariaDbFailoverCluster fixture, ITestOutputHelper output) : ReplicaLossTests(fixture, output);

/// <summary>Replicas die, hang, stop replicating and come back, while clients read.</summary>
public abstract class ReplicaLossTests(FailoverCluster fixture, ITestOutputHelper output) : FailoverTest(fixture)
{
    [Fact]
    public async Task A_killed_replica_costs_no_read_and_serves_again_after_its_restart()
    {
        var (victim, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var load = Load.Start(proxy, 20, (connection, _) => connection.ReadAsync());
        await load.MoreAsync(200, victim.ServerId);
        await load.MoreAsync(200, other.ServerId);
        await victim.KillAsync();
        await load.MoreAsync(500, other.ServerId);
        await proxy.UntilAsync(() => proxy[victim].Model.Health == ServerHealth.Down, "the loss is noticed");
        await victim.StartAsync();
        await load.MoreAsync(200, victim.ServerId);
        await load.StopAsync();
        output.WriteLine(load.ToString());
        load.AssertNoErrors();
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task A_removed_replica_that_hangs_is_cut_and_gone_and_its_session_told()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await using var pinned = await proxy.ConnectAsync();
        await pinned.ExecuteAsync("START TRANSACTION READ ONLY");
        var answers = await pinned.ReadAsync();
        var victim = Cluster.Replicas.Single(r => r.ServerId == answers);
        await victim.PauseAsync();
        proxy.Server.Context.Servers.Change(all => all.Where(s => s.Address.Port != victim.Port));
        // A busy machine stops a process's last thread only a while after the signal.
        var reads = Task.Run(async () =>
        {
            while (true)
                await pinned.ReadAsync();
        });
        await proxy.UntilAsync(() => proxy.Topology.Servers.Length == 2, "it is gone");
        await Assert.ThrowsAsync<MySqlException>(() => reads);
    }

    [Fact]
    public async Task A_replica_that_stops_in_order_costs_no_read()
    {
        var (victim, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var load = Load.Start(proxy, 20, (connection, _) => connection.ReadAsync());
        await load.MoreAsync(200, victim.ServerId);
        await victim.StopAsync();
        await load.MoreAsync(300, other.ServerId);
        await victim.StartAsync();
        await load.MoreAsync(100, victim.ServerId);
        await load.StopAsync();
        output.WriteLine(load.ToString());
        load.AssertNoErrors();
    }

    [Fact]
    public async Task Without_replicas_the_primary_serves_reads()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var load = Load.Start(proxy, 10, (connection, _) => connection.ReadAsync());
        await load.MoreAsync(200);
        foreach (var replica in Cluster.Replicas)
            await replica.KillAsync();
        await load.MoreAsync(300, Cluster.Primary.ServerId);
        await Cluster.Replicas[1].StartAsync();
        await load.MoreAsync(100, Cluster.Replicas[1].ServerId);
        await load.StopAsync();
        output.WriteLine(load.ToString());
        load.AssertNoErrors();
    }

    [Fact]
    public async Task Without_replicas_reads_fail_clearly_where_the_configuration_says_so()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o =>
        {
            o.Routing.WithoutReplica = WithoutReplicaAction.Fail;
            o.Routing.PrimaryWait = TimeSpan.FromMilliseconds(300);
        });
        await using var connection = await proxy.ConnectAsync();
        foreach (var replica in Cluster.Replicas)
            await replica.KillAsync();
        await proxy.UntilAsync(() => proxy.Topology.Current.Fresh.IsEmpty, "both losses are noticed");
        var error = await Assert.ThrowsAsync<MySqlException>(connection.ReadAsync);
        Assert.Contains("No server is available for this read", error.Message);
        Assert.Equal(1, await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1"));
        await Cluster.Replicas[0].StartAsync();
        await proxy.UntilAsync(() => proxy.IsFresh(Cluster.Replicas[0]), "the replica is back");
        await Cluster.WaitForSyncAsync();
        Assert.Equal(Cluster.Replicas[0].ServerId, await connection.ReadAsync());
    }

    [Fact]
    public async Task A_hanging_replica_holds_up_reads_no_longer_than_the_monitor_needs_to_notice()
    {
        var (victim, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o =>
        {
            o.Monitor.Timeout = TimeSpan.FromMilliseconds(500);
            o.Monitor.ConnectTimeout = TimeSpan.FromMilliseconds(500);
        });
        var load = Load.Start(proxy, 20, (connection, _) => connection.ReadAsync());
        await load.MoreAsync(200, victim.ServerId);
        await victim.PauseAsync();
        await load.MoreAsync(500, other.ServerId);
        await proxy.UntilAsync(() => proxy[victim].Model.Health == ServerHealth.Down, "the hang is noticed");
        // New sessions, and sessions whose schema or pool needs a new connection there, meet no hang either.
        await using (var newcomer = await proxy.ConnectAsync())
        {
            Assert.Equal(other.ServerId, await newcomer.ReadAsync());
        }

        await load.MoreAsync(500, other.ServerId);
        await victim.ResumeAsync();
        await load.MoreAsync(200, victim.ServerId);
        await load.StopAsync();
        output.WriteLine(load.ToString());
        load.AssertNoErrors();
        // Two failed checks: 0.25 + 0.5, then 0.25 + 1 s to connect and ask; the rest is room for a busy machine.
        Assert.True(load.Slowest < TimeSpan.FromSeconds(10), load.ToString());
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task Connections_being_opened_to_a_replica_that_hangs_go_elsewhere_too()
    {
        var victim = Cluster.Replicas[0];
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o =>
        {
            o.Monitor.Timeout = TimeSpan.FromMilliseconds(500);
            o.Monitor.ConnectTimeout = TimeSpan.FromMilliseconds(500);
            o.Pool.ConnectTimeout = TimeSpan.FromSeconds(15);
            o.Pool.MaxConnections = o.Pool.MaxIdle = 4;
        });
        var connections = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => proxy.ConnectAsync()));
        await victim.PauseAsync();
        // No connection to the victim is open yet: half of these open one, or wait for a place in its pool.
        var started = DateTime.UtcNow;
        var servers = await Task.WhenAll(connections.Select(c => c.ReadAsync()));
        var took = DateTime.UtcNow - started;
        output.WriteLine($"{took.TotalMilliseconds:0} ms");
        Assert.DoesNotContain(victim.ServerId, servers);
        Assert.True(took < TimeSpan.FromSeconds(10), $"took {took}");
        await Task.WhenAll(connections.Select(c => c.DisposeAsync().AsTask()));
        await victim.ResumeAsync();
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task A_stopped_applier_takes_a_replica_out_of_the_rotation()
    {
        var (victim, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await using var connection = await proxy.ConnectAsync();
        await Cluster.SetApplierAsync(victim, running: false);
        try
        {
            await proxy.UntilAsync(() => !proxy.IsFresh(victim), "the replica leaves");
            for (var i = 0; i < 20; i++)
                Assert.Equal(other.ServerId, await connection.ReadAsync());
        }
        finally
        {
            await Cluster.SetApplierAsync(victim, running: true);
        }

        await proxy.UntilAsync(() => proxy.IsFresh(victim), "the replica comes back");
        Assert.Contains(victim.ServerId, await ManyAsync(connection));
    }

    [Fact]
    public async Task A_replica_that_lags_too_far_leaves_and_comes_back()
    {
        var (victim, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.MaxLag = TimeSpan.FromSeconds(1));
        await using var reader = await proxy.ConnectAsync();
        await Fixture.SetDelaysAsync(3);
        var writes = Load.Start(proxy, 1, async (connection, _) =>
        {
            await Task.Delay(30);
            return await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 7");
        });
        await proxy.UntilAsync(() => !proxy.IsFresh(victim), "the delayed replica leaves");
        Assert.All(await ManyAsync(reader), server => Assert.Equal(other.ServerId, server));
        await Fixture.SetDelaysAsync();
        await proxy.UntilAsync(() => proxy.IsFresh(victim), "the replica comes back");
        await writes.StopAsync();
        writes.AssertNoErrors();
        Assert.Contains(victim.ServerId, await ManyAsync(reader));
    }

    [Fact]
    public async Task Sessions_forget_what_a_replica_had_applied_when_it_restarts()
    {
        var (restarted, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await using var connection = await proxy.ConnectAsync();

        // A server tells its uptime in whole seconds, and the test before may have started it just now.
        await proxy.UntilAsync(() => DateTimeOffset.UtcNow - proxy[restarted].Model.StartTime > TimeSpan.FromSeconds(2), "it has run for a while");
        var start = proxy[restarted].Model.StartTime;
        await restarted.RestartAsync(kill: true);
        await proxy.UntilAsync(() => proxy[restarted].Model.StartTime > start && proxy.IsFresh(restarted), "the restart is seen");
        await Fixture.SetDelaysAsync(2);
        // Counted from what other tests left: an update that changes nothing is no write, and any replica may answer.
        var before = (long)(await Cluster.ScalarAsync(Cluster.Primary, "SELECT v FROM app.cells WHERE id = 3"))!;
        for (var i = 1; i <= 50; i++)
        {
            await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 3");
            var row = await connection.RowAsync("SELECT v, @@server_id FROM cells WHERE id = 3");
            Assert.Equal(before + i, row[0]);
            Assert.NotEqual(restarted.ServerId, row[1]);
        }

        Assert.True(proxy.IsFresh(other), proxy.ToString());
    }

    private static async Task<long[]> ManyAsync(MySqlConnection connection)
    {
        var servers = new long[20];
        for (var i = 0; i < servers.Length; i++)
            servers[i] = await connection.ReadAsync();
        return servers;
    }
}
