using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>
/// What tests do on the servers themselves, as root over connections that stay open: a login with TLS for each of the
/// thousand small steps would be most of the suite's time.
/// </summary>
internal static class ServerAdmin
{
    public static async Task RunAsync(ReplicationCluster cluster, LocalServer server, params string[] statements)
    {
        await using var connection = await OpenAsync(cluster, server);
        await connection.RunAsync(statements);
    }

    public static async Task<object?> ScalarAsync(ReplicationCluster cluster, LocalServer server, string query)
    {
        await using var connection = await OpenAsync(cluster, server);
        return await connection.ScalarAsync(query);
    }

    /// <summary>Waits until the replicas have everything that the primary has now.</summary>
    public static async Task SyncAsync(ReplicationCluster cluster)
    {
        var mysql = cluster.Installation.Flavor == Flavor.MySql;
        var position = Convert.ToString(await ScalarAsync(cluster, cluster.Primary, mysql ? "SELECT @@global.gtid_executed" : "SELECT @@global.gtid_binlog_pos"))!
            .Replace("\n", "", StringComparison.Ordinal);
        var wait = mysql ? $"SELECT WAIT_FOR_EXECUTED_GTID_SET('{position}', 15)" : $"SELECT MASTER_GTID_WAIT('{position}', 15)";
        var results = await Task.WhenAll(cluster.Replicas.Select(replica => ScalarAsync(cluster, replica, wait)));
        Assert.All(results, result => Assert.True(Convert.ToInt64(result) == 0, $"A replica did not reach {position} within 15 s."));
    }

    private static async Task<MySqlConnection> OpenAsync(ReplicationCluster cluster, LocalServer server)
    {
        // Reset, so that nothing that one test sets reaches the next.
        var connection = new MySqlConnection(
            server.ConnectionString(cluster.Root.User, cluster.Root.Password) + ";Pooling=true;ConnectionReset=true;AllowUserVariables=true;DefaultCommandTimeout=60;ConnectionTimeout=30");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
