using System.Diagnostics;
using System.Globalization;
using System.Text;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using DbProxy.LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DbProxy.IntegrationTests.Monitoring;

public sealed class MySqlMonitorTests(MySqlCluster fixture) : MonitorTests(fixture), IClassFixture<MySqlCluster>
{
    protected override string PositionQuery => "SELECT @@global.gtid_executed";

    /// <summary>The highest transaction of the set's last interval, as a session tracker would name it.</summary>
    protected override string LastWrite(string position) => position[..(position.IndexOf(':') + 1)]
        + position[(position.LastIndexOfAny(['-', ':']) + 1)..];
}

public sealed class MariaDbMonitorTests(MariaDbCluster fixture) : MonitorTests(fixture), IClassFixture<MariaDbCluster>
{
    protected override string PositionQuery => "SELECT @@global.gtid_binlog_pos";

    protected override string LastWrite(string position) => position;
}

/// <summary>The monitor against real servers of either flavor.</summary>
public abstract class MonitorTests(MonitoredCluster fixture)
{
    private ReplicationCluster Cluster => fixture.Cluster;

    protected abstract string PositionQuery { get; }

    protected abstract string LastWrite(string position);

    [Fact]
    public async Task Roles_and_identities_are_read_from_the_servers()
    {
        await using var watch = await Watch.StartAsync(Cluster);
        foreach (var server in Cluster.Servers)
        {
            var model = watch[server].Model;
            Assert.Equal(server.ServerId, model.Identity.ServerId);
            Assert.Equal(server == Cluster.Primary ? ServerRole.Primary : ServerRole.Replica, model.Role);
            Assert.Equal(await Cluster.ScalarAsync(server, "SELECT VERSION()"), model.Version);
            var packet = await Cluster.ScalarAsync(server, "SELECT @@global.max_allowed_packet");
            Assert.Equal(Convert.ToInt64(packet, CultureInfo.InvariantCulture), model.MaxAllowedPacket);
            Assert.Equal(new CollationInfo("utf8mb4", "utf8mb4_general_ci"), model.Collations[45]);
            Assert.True(model.Identity.HasGtids);
            Assert.True(model.Identity.AppliesInOrder);
        }
    }

    [Fact]
    public async Task A_delayed_replica_shows_its_lag_leaves_and_comes_back()
    {
        var (slow, other) = (Cluster.Replicas[0], Cluster.Replicas[1]);
        await using var watch = await Watch.StartAsync(Cluster, s => s with { MaxLag = TimeSpan.FromSeconds(1) });
        await using var ticks = watch.StartTicks();
        await Cluster.SetDelayAsync(slow, TimeSpan.FromSeconds(2));
        try
        {
            await watch.UntilAsync(() => !watch.IsFresh(slow), "the delayed replica leaves");
            await watch.UntilAsync(() => watch[slow].Model.LagMilliseconds > 1_800, "its lag reaches its delay");
            // SOURCE_DELAY counts whole seconds of two clocks, so a delay of 2 s may keep a transaction for almost 3 s.
            Assert.InRange(watch[slow].Model.LagMilliseconds!.Value, 1_800, 6_000);
            Assert.True(watch.IsReplica(slow));
            Assert.Contains("the limit is 1000 ms", watch[slow].Model.Reason);
            await watch.UntilAsync(() => watch.IsFresh(other), "the other replica serves on");
        }
        finally
        {
            await Cluster.SetDelayAsync(slow, TimeSpan.Zero);
        }
        await watch.UntilAsync(() => watch.IsFresh(slow), "the replica comes back");
        Assert.True(watch[slow].Model.LagMilliseconds < 800, watch.ToString());
    }

    [Fact]
    public async Task A_stopped_applier_leaves_at_once_though_nothing_is_missing()
    {
        var replica = Cluster.Replicas[0];
        await using var watch = await Watch.StartAsync(Cluster);
        await Cluster.SetApplierAsync(replica, running: false);
        try
        {
            await watch.UntilAsync(() => !watch.IsFresh(replica), "the replica leaves");
            Assert.Contains("is stopped", watch[replica].Model.Reason);
            Assert.False(watch[replica].Model.ReplicationRunning);
            Assert.True(watch.IsReplica(replica));
        }
        finally
        {
            await Cluster.SetApplierAsync(replica, running: true);
        }
        await watch.UntilAsync(() => watch.IsFresh(replica), "the replica comes back");
    }

    [Fact]
    public async Task A_replica_that_receives_nothing_leaves_only_when_it_misses_something()
    {
        var replica = Cluster.Replicas[0];
        await using var watch = await Watch.StartAsync(Cluster, s => s with { MaxLag = TimeSpan.FromSeconds(1) });
        await Cluster.SetReceiverAsync(replica, running: false);
        try
        {
            await watch.UntilAsync(() => !watch[replica].Model.ReplicationRunning, "the stop is seen");
            await Task.Delay(2_000);
            Assert.True(watch.IsFresh(replica), watch.ToString());
            await Cluster.ExecuteAsync(Cluster.Primary, "INSERT INTO app.ticks VALUES ()");
            await watch.UntilAsync(() => !watch.IsFresh(replica), "the replica leaves");
            Assert.Contains("not connected to its source", watch[replica].Model.Reason);
        }
        finally
        {
            await Cluster.SetReceiverAsync(replica, running: true);
        }
        await watch.UntilAsync(() => watch.IsFresh(replica), "the replica comes back");
    }

    [Fact]
    public async Task A_server_that_hangs_goes_down_and_returns()
    {
        var replica = Cluster.Replicas[1];
        await using var watch = await Watch.StartAsync(Cluster);
        await replica.PauseAsync();
        try
        {
            await watch.UntilAsync(() => !watch.IsReplica(replica), "the hanging server goes down");
            Assert.Equal(ServerHealth.Down, watch[replica].Model.Health);
            Assert.True(watch.IsPrimary(Cluster.Primary) && watch.IsFresh(Cluster.Replicas[0]), watch.ToString());
        }
        finally
        {
            await replica.ResumeAsync();
        }
        await watch.UntilAsync(() => watch.IsFresh(replica), "the server returns");
    }

    [Fact]
    public async Task A_restart_is_recognised()
    {
        var replica = Cluster.Replicas[1];
        await using var watch = await Watch.StartAsync(Cluster);
        var token = Token("0-9-999999999");
        watch[replica].LearnApplied(token);
        Assert.True(watch[replica].HasApplied(token));
        var before = watch[replica].Model.StartTime;
        // A start time is known to the second.
        await watch.UntilAsync(() => DateTimeOffset.UtcNow - before > TimeSpan.FromSeconds(4), "the server is some seconds old");
        await replica.RestartAsync(kill: true);
        await watch.UntilAsync(() => watch[replica].Model.StartTime > before.AddSeconds(2), "the new start is seen");
        Assert.False(watch[replica].HasApplied(token));
        await watch.UntilAsync(() => watch.IsFresh(replica), "the server is back in rotation");
    }

    [Fact]
    public async Task A_promotion_is_followed_within_a_second_and_there_is_never_a_second_primary()
    {
        await using var watch = await Watch.StartAsync(Cluster);
        var (old, chosen) = (Cluster.Primary, Cluster.Replicas[0]);
        await Cluster.PromoteAsync(chosen);
        var since = Stopwatch.StartNew();
        await watch.UntilAsync(() => watch.IsPrimary(chosen), "the new primary is known");
        // Two probes at 250 ms; the rest is room for a busy machine.
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(1), $"took {since.Elapsed}");
        await watch.UntilAsync(() => watch.IsFresh(old), "the old primary serves as a replica");
        Assert.Empty(watch.Topology.Current.Warning);
        await Cluster.PromoteAsync(old);
        await watch.UntilAsync(() => watch.IsPrimary(old) && watch.Topology.Current.Fresh.Length == 2, "all is as before");
    }

    [Fact]
    public async Task Without_privileges_the_monitor_says_which_and_goes_on()
    {
        await Cluster.CreateUserAsync("blind", "blind-1-Pass", privileges: "SELECT ON app.*");
        await Cluster.WaitForSyncAsync();
        await using var watch = await Watch.StartAsync(Cluster, s => s with { User = "blind", Password = "blind-1-Pass" });
        Assert.Contains("TO 'blind'@'%' is missing", watch[Cluster.Replicas[0]].Model.Reason);
    }

    [Fact]
    public async Task A_refused_login_is_not_taken_for_a_dead_server()
    {
        await using var watch = await Watch.StartAsync(Cluster);
        var topology = new Topology([new ServerState(0, "db1", "127.0.0.1", Cluster.Primary.Port)]);
        using var service = new MonitorService(
            topology, () => new MonitorSettings { User = "nobody", Password = "x" }, TimeProvider.System,
            NullLogger<MonitorService>.Instance);
        await service.StartAsync(CancellationToken.None);
        await watch.UntilAsync(
            () => topology.Servers[0].Model.Reason.Contains("was refused", StringComparison.Ordinal), "the refusal is seen");
        Assert.Equal(ServerHealth.Unknown, topology.Servers[0].Model.Health);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_token_of_a_write_is_waited_for_and_seen()
    {
        var replica = Cluster.Replicas[0];
        await using var watch = await Watch.StartAsync(Cluster);
        await Cluster.SetApplierAsync(replica, running: false);
        GtidToken token;
        try
        {
            await Cluster.ExecuteAsync(Cluster.Primary, "INSERT INTO app.ticks VALUES ()");
            token = Token(LastWrite((string)(await Cluster.ScalarAsync(Cluster.Primary, PositionQuery))!));
            Assert.False(watch[replica].HasApplied(token));
            Assert.NotEqual("0", await WaitAsync(replica, token, TimeSpan.FromMilliseconds(20)));
            Assert.False(watch.Topology.HasAppliedEverywhere(token));
        }
        finally
        {
            await Cluster.SetApplierAsync(replica, running: true);
        }
        Assert.Equal("0", await WaitAsync(replica, token, TimeSpan.FromSeconds(20)));
        await watch.UntilAsync(() => watch.Topology.HasAppliedEverywhere(token), "all probes have seen it");
    }

    private async Task<string> WaitAsync(LocalServer server, GtidToken token, TimeSpan timeout)
    {
        var statement = Encoding.ASCII.GetString(token.WaitStatement(timeout).Span);
        return Convert.ToString(await Cluster.ScalarAsync(server, statement), CultureInfo.InvariantCulture)!;
    }

    private static GtidToken Token(string text) => GtidToken.Parse(Encoding.ASCII.GetBytes(text))!;
}
