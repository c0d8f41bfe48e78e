using System.Diagnostics;
using System.Globalization;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.LocalCluster;

/// <summary>The servers under all other integration tests: a fault here would look like a fault of the proxy.</summary>
public sealed class ReplicationClusterTests
{
    private const string CreateTable = "CREATE TABLE app.t (id INT PRIMARY KEY)";

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task WritesReachReadOnlyReplicasOverTlsLogins(ServerFlavor flavor)
    {
        await using var cluster = await Clusters.StartOrSkipAsync(flavor);
        await cluster.ExecuteAsync(cluster.Primary, [CreateTable, "INSERT INTO app.t VALUES (42)"]);
        await cluster.WaitForSyncAsync();

        Assert.Equal([1u, 2u, 3u], cluster.Servers.Select(server => server.ServerId));
        foreach (var server in cluster.Servers)
        {
            Assert.Equal(server.ServerId, await NumberAsync(cluster, server, "SELECT @@server_id"));
            Assert.Equal(42, await NumberAsync(cluster, server, "SELECT MIN(id) FROM app.t"));
            await using var app = await cluster.ConnectAsync(server, cluster.App);
            await using var cipher = new MySqlCommand("SHOW SESSION STATUS LIKE 'Ssl_cipher'", app);
            await using (var reader = await cipher.ExecuteReaderAsync())
            {
                Assert.True(await reader.ReadAsync());
                Assert.NotEmpty(reader.GetString(1));
            }

            await using var write = new MySqlCommand($"INSERT INTO app.t VALUES ({100 + server.ServerId})", app);
            if (server == cluster.Primary)
            {
                Assert.Equal(1, await write.ExecuteNonQueryAsync());
            }
            else
            {
                Assert.Equal(1290, (await Assert.ThrowsAsync<MySqlException>(() => write.ExecuteNonQueryAsync())).Number);
            }
        }
    }

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task TheMonitorReadsReplicationButNoData(ServerFlavor flavor)
    {
        await using var cluster = await Clusters.StartOrSkipAsync(flavor, new ClusterOptions { Replicas = 1 });
        await cluster.ExecuteAsync(cluster.Primary, CreateTable);
        await cluster.WaitForSyncAsync();
        await using var monitor = await cluster.ConnectAsync(cluster.Replicas[0], cluster.Monitor);
        var status = flavor == ServerFlavor.MySql
            ? "SELECT COUNT(*) FROM performance_schema.replication_connection_status WHERE SERVICE_STATE='ON'"
            : "SHOW ALL SLAVES STATUS";

        await using (var reader = await new MySqlCommand(status, monitor).ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal("Yes", flavor == ServerFlavor.MySql ? reader.GetInt64(0) == 1 ? "Yes" : "No" : reader.GetString("Slave_IO_Running"));
        }

        var data = new MySqlCommand("SELECT * FROM app.t", monitor);
        Assert.Equal(1142, (await Assert.ThrowsAsync<MySqlException>(() => data.ExecuteScalarAsync())).Number);
    }

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task ADelayedReplicaIsBehindAndComesAfterItsDelay(ServerFlavor flavor)
    {
        await using var cluster = await Clusters.StartOrSkipAsync(flavor);
        await cluster.ExecuteAsync(cluster.Primary, CreateTable);
        await cluster.WaitForSyncAsync();
        var delayed = cluster.Replicas[0];
        await cluster.SetDelayAsync(delayed, TimeSpan.FromSeconds(3));

        var clock = Stopwatch.StartNew();
        await cluster.ExecuteAsync(cluster.Primary, "INSERT INTO app.t VALUES (1)");
        var sync = cluster.WaitForSyncAsync();
        while (await NumberAsync(cluster, cluster.Replicas[1], "SELECT COUNT(*) FROM app.t") == 0)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
        }

        await sync;

        // The commit carries a whole second on MariaDB, so its delay may end almost a second early.
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.9, 30);
        Assert.Equal(1, await NumberAsync(cluster, delayed, "SELECT COUNT(*) FROM app.t"));
    }

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task AStoppedApplierOrReceiverHoldsAReplicaBack(ServerFlavor flavor)
    {
        await using var cluster = await Clusters.StartOrSkipAsync(flavor, new ClusterOptions { Replicas = 1 });
        var replica = cluster.Replicas[0];
        await cluster.ExecuteAsync(cluster.Primary, CreateTable);
        await cluster.WaitForSyncAsync();

        foreach (var (row, set) in new (int, Func<bool, Task>)[]
        {
            (1, running => cluster.SetApplierAsync(replica, running)),
            (2, running => cluster.SetReceiverAsync(replica, running)),
        })
        {
            await set(false);
            await cluster.ExecuteAsync(cluster.Primary, $"INSERT INTO app.t VALUES ({row})");
            await Assert.ThrowsAsync<TimeoutException>(() => cluster.WaitForSyncAsync(TimeSpan.FromSeconds(1)));
            Assert.Equal(row - 1, await NumberAsync(cluster, replica, "SELECT COUNT(*) FROM app.t"));
            await set(true);
            await cluster.WaitForSyncAsync();
            Assert.Equal(row, await NumberAsync(cluster, replica, "SELECT COUNT(*) FROM app.t"));
        }
    }

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task PrimariesChangeBySwitchoverAndAfterACrash(ServerFlavor flavor)
    {
        await using var cluster = await Clusters.StartOrSkipAsync(flavor);
        var (first, second, third) = (cluster.Servers[0], cluster.Servers[1], cluster.Servers[2]);
        await cluster.ExecuteAsync(first, [CreateTable, "INSERT INTO app.t VALUES (1)"]);

        await cluster.PromoteAsync(second);
        await cluster.ExecuteAsync(second, "INSERT INTO app.t VALUES (2)");
        await cluster.WaitForSyncAsync();
        Assert.Equal(1, await NumberAsync(cluster, first, "SELECT @@GLOBAL.read_only"));
        Assert.Equal(2, await NumberAsync(cluster, first, "SELECT COUNT(*) FROM app.t"));

        await second.KillAsync();
        await cluster.PromoteAsync(third);
        await cluster.ExecuteAsync(third, "INSERT INTO app.t VALUES (3)");
        await second.StartAsync();
        await cluster.RejoinAsync(second);
        await cluster.WaitForSyncAsync();

        Assert.Equal(third, cluster.Primary);
        foreach (var server in cluster.Servers)
        {
            Assert.Equal(3, await NumberAsync(cluster, server, "SELECT COUNT(*) FROM app.t"));
            Assert.Equal(server == third ? 0 : 1, await NumberAsync(cluster, server, "SELECT @@GLOBAL.read_only"));
        }
    }

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task ARestartedReplicaKeepsPortRoleAndData(ServerFlavor flavor)
    {
        await using var cluster = await Clusters.StartOrSkipAsync(flavor, new ClusterOptions { Replicas = 1 });
        var replica = cluster.Replicas[0];
        var port = replica.Port;
        await replica.StopAsync();
        Assert.False(replica.IsRunning);
        await cluster.ExecuteAsync(cluster.Primary, [CreateTable, "INSERT INTO app.t VALUES (7)"]);
        await replica.StartAsync();
        await cluster.WaitForSyncAsync();
        await replica.RestartAsync(kill: true);

        Assert.Equal(port, replica.Port);
        Assert.Equal(7, await NumberAsync(cluster, replica, "SELECT id FROM app.t"));
        Assert.Equal(1, await NumberAsync(cluster, replica, "SELECT @@GLOBAL.read_only"));
    }

    [Theory]
    [InlineData(ServerFlavor.MySql)]
    [InlineData(ServerFlavor.MariaDb)]
    public async Task DisposeLeavesNoProcessAndNoFile(ServerFlavor flavor)
    {
        var cluster = await Clusters.StartOrSkipAsync(flavor);
        var folders = cluster.Servers.Select(server => server.DataDirectory).ToArray();
        var processes = cluster.Servers.Select(server => server.ProcessId!.Value).ToArray();
        Assert.All(processes, id => Assert.True(Directory.Exists($"/proc/{id}")));
        // A hanging server must not survive either.
        cluster.Servers[1].Pause();

        await cluster.DisposeAsync();

        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
        Assert.All(folders, folder => Assert.False(Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(folder)))));
    }

    [Fact]
    public async Task DownloadedMariaDbServesEd25519Accounts()
    {
        var options = new ClusterOptions { Replicas = 1, Binaries = new LocalClusterOptions { MariaDbServerPath = null, IgnorePath = true } };
        await using var cluster = await Clusters.StartOrSkipAsync(ServerFlavor.MariaDb, options);
        Assert.True(cluster.Installation.SupportsEd25519);

        await cluster.CreateUserAsync("ed", "secret", "ed25519");
        await cluster.WaitForSyncAsync();

        Assert.Equal("ed25519", await cluster.ScalarAsync(cluster.Replicas[0], "SELECT plugin FROM mysql.user WHERE user='ed'"));
    }

    private static async Task<long> NumberAsync(ReplicationCluster cluster, LocalServer server, string query) =>
        Convert.ToInt64(await cluster.ScalarAsync(server, query), CultureInfo.InvariantCulture);
}
