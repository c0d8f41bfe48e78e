using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Replication;

/// <summary>A real replica has the proxy as its source.</summary>
public sealed class ReplicaThroughProxyTests
{
    private static readonly ClusterAccount Copier = new("copier", "copier-secret");

    // The client in a MariaDB server has no caching_sha2_password.
    private static readonly List<UserOptions> Users = [new() { Name = Copier.User, Password = Copier.Password }];

    [Theory, EachFlavor]
    public async Task A_replica_follows_the_proxy_and_finds_the_primary_again(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor);
        await cluster.CreateUserAsync(Copier.User, Copier.Password, null, "REPLICATION SLAVE ON *.*");
        await cluster.WaitForSyncAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, Configure);
        proxy.ErrorsAreBugs = false;
        var replica = cluster.Replicas[1];
        await FollowAsync(cluster, replica, proxy.Port);
        await UntilItStreamsAsync(cluster, replica, proxy);

        // An event beyond one packet of the protocol, and many small ones.
        await cluster.ExecuteAsync(cluster.Primary, ["CREATE TABLE app.r (id INT AUTO_INCREMENT PRIMARY KEY, v LONGBLOB)", "INSERT INTO app.r (v) VALUES (REPEAT('x', 20000000))"]);
        await cluster.ExecuteAsync(cluster.Primary, Enumerable.Range(0, 200).Select(i => $"INSERT INTO app.r (v) VALUES ('{i}')"));
        await cluster.WaitForSyncAsync();
        const string Sum = "SELECT CONCAT(COUNT(*), ' ', SUM(LENGTH(v)), ' ', SUM(CRC32(v))) FROM app.r";
        Assert.Equal($"{await cluster.ScalarAsync(cluster.Primary, Sum)}", $"{await cluster.ScalarAsync(replica, Sum)}");
        await Eventually.IsTrueAsync(async () => await HeartbeatsAsync(cluster, replica) > 0, () => "heartbeats arrive");

        await cluster.Primary.KillAsync();
        await Eventually.IsTrueAsync(() => Streams(proxy) == 0, () => "the stream ends with the primary");
        await cluster.Primary.StartAsync();
        await UntilItStreamsAsync(cluster, replica, proxy);
        await cluster.ExecuteAsync(cluster.Primary, "INSERT INTO app.r (v) VALUES ('after')");
        await cluster.WaitForSyncAsync();
        Assert.Equal($"{await cluster.ScalarAsync(cluster.Primary, Sum)}", $"{await cluster.ScalarAsync(replica, Sum)}");
    }

    [Theory, EachFlavor]
    public async Task A_semi_synchronous_replica_acknowledges_through_the_proxy(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor);
        await cluster.CreateUserAsync(Copier.User, Copier.Password, null, "REPLICATION SLAVE ON *.*");
        await cluster.WaitForSyncAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, Configure);
        var replica = cluster.Replicas[1];
        var mysql = flavor == Flavor.MySql;
        if (mysql)
        {
            await cluster.ExecuteAsync(cluster.Primary, "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'");
            await cluster.ExecuteAsync(replica, ["SET GLOBAL super_read_only = OFF", "SET sql_log_bin = 0", "INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'", "SET GLOBAL super_read_only = ON"]);
        }

        var (source, target) = mysql ? ("source", "replica") : ("master", "slave");
        await cluster.ExecuteAsync(cluster.Primary, [$"SET GLOBAL rpl_semi_sync_{source}_enabled = 1", $"SET GLOBAL rpl_semi_sync_{source}_timeout = 60000"]);
        await cluster.ExecuteAsync(replica, $"SET GLOBAL rpl_semi_sync_{target}_enabled = 1");
        await FollowAsync(cluster, replica, proxy.Port);
        await Eventually.IsTrueAsync(async () => await StatusAsync(cluster, cluster.Primary, $"Rpl_semi_sync_{source}_clients") == 1, () => "the replica is semi-synchronous");
        await cluster.ExecuteAsync(cluster.Primary, ["CREATE TABLE app.s (id INT PRIMARY KEY)", .. Enumerable.Range(0, 20).Select(i => $"INSERT INTO app.s VALUES ({i})")]);
        Assert.InRange(await StatusAsync(cluster, cluster.Primary, $"Rpl_semi_sync_{source}_yes_tx"), 20, 1000);
        Assert.Equal(0, await StatusAsync(cluster, cluster.Primary, $"Rpl_semi_sync_{source}_no_tx"));
        Assert.Equal(1, Streams(proxy));
    }

    /// <summary>A stream that never ends holds up neither a stop nor a change of the primary.</summary>
    [Theory, EachFlavor]
    public async Task A_stream_ends_when_the_proxy_drains(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor);
        await cluster.CreateUserAsync(Copier.User, Copier.Password, null, "REPLICATION SLAVE ON *.*");
        await cluster.WaitForSyncAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, o => (o.Users, o.Limits.DrainTimeout) = (Users, TimeSpan.FromMinutes(10)));
        await FollowAsync(cluster, cluster.Replicas[1], proxy.Port);
        await UntilItStreamsAsync(cluster, cluster.Replicas[1], proxy);
        await proxy.Server.DrainAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Streams(proxy));
    }

    private static async Task UntilItStreamsAsync(ReplicationCluster cluster, LocalServer replica, ProxyUnderTest proxy)
    {
        var status = "";
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var connection = await cluster.ConnectAsync(replica);
                var rows = await connection.RowsAsync(cluster.Installation.Flavor == Flavor.MySql ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS");
                status = string.Join('\n', rows);
                return Streams(proxy) == 1;
            },
            () => $"the replica reads through the proxy\n{status}\n{string.Join('\n', proxy.Log.Lines.Select(l => l.Text).TakeLast(10))}");
    }

    private static void Configure(ProxyOptions options) => options.Users = Users;

    private static int Streams(ProxyUnderTest proxy) => proxy.Context.Sessions.All.Count(s => s.IsStreaming);

    private static Task FollowAsync(ReplicationCluster cluster, LocalServer replica, int port) => cluster.ExecuteAsync(
        replica,
        cluster.Installation.Flavor == Flavor.MySql
            ? ["STOP REPLICA", $"CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT={port}, SOURCE_USER='{Copier.User}', SOURCE_PASSWORD='{Copier.Password}', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=100, SOURCE_HEARTBEAT_PERIOD=0.5", "START REPLICA"]
            : ["STOP SLAVE", $"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={port}, MASTER_USER='{Copier.User}', MASTER_PASSWORD='{Copier.Password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=0.5", "START SLAVE"]);

    private static async Task<long> HeartbeatsAsync(ReplicationCluster cluster, LocalServer replica) => cluster.Installation.Flavor == Flavor.MySql
        ? Convert.ToInt64(await cluster.ScalarAsync(replica, "SELECT COUNT_RECEIVED_HEARTBEATS FROM performance_schema.replication_connection_status"))
        : await StatusAsync(cluster, replica, "Slave_received_heartbeats");

    private static async Task<long> StatusAsync(ReplicationCluster cluster, LocalServer server, string name) => Convert.ToInt64(await cluster.ScalarAsync(
        server, $"SELECT variable_value FROM {(cluster.Installation.Flavor == Flavor.MySql ? "performance_schema" : "information_schema")}.global_status WHERE variable_name = '{name}'"));
}
