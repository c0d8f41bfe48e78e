using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>A session's schema that a replica does not have yet, or that another session dropped.</summary>
public sealed class UnknownSchemaTests
{
    [Theory, EachFlavor]
    public async Task Reads_go_to_the_primary_while_the_replicas_lack_the_schema(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        string schema = bed.Schema + "_new";
        await ServerAdmin.RunAsync(
            bed.Cluster, bed.Cluster.Primary, "SET sql_log_bin = 0", $"CREATE DATABASE {schema}", $"CREATE TABLE {schema}.t (id INT)", $"INSERT INTO {schema}.t VALUES (7)");
        try
        {
            // Connections to replicas with and without another schema before, and none at all.
            await using var before = await bed.OpenAsync();
            Assert.NotEqual(bed.PrimaryId, await before.ServerIdAsync());
            await using var fresh = await bed.Proxy.OpenAsync(schema);
            await before.RunAsync($"USE {schema}");
            foreach (MySqlConnection session in (MySqlConnection[])[before, fresh])
            {
                for (int i = 0; i < 4; i++)
                {
                    Assert.Equal(7L, Convert.ToInt64(await session.ScalarAsync("SELECT id FROM t")));
                    Assert.Equal(schema, await session.ScalarAsync("SELECT DATABASE()"));
                }
            }
        }
        finally
        {
            await ServerAdmin.RunAsync(bed.Cluster, bed.Cluster.Primary, "SET sql_log_bin = 0", $"DROP DATABASE {schema}");
        }
    }

    [Theory, EachFlavor]
    public async Task A_session_whose_schema_another_one_dropped_goes_on_without(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, "CREATE TABLE t (id INT)");
        string schema = bed.Schema + "_gone";
        await bed.OnPrimaryAsync($"CREATE DATABASE {schema}", $"CREATE TABLE {schema}.t (id INT)");
        await using var session = await bed.Proxy.OpenAsync(schema);
        await using var other = await bed.OpenAsync();
        await session.RunAsync("INSERT INTO t VALUES (1)");
        await bed.OnPrimaryAsync($"DROP DATABASE {schema}");
        foreach (string sql in (string[])["INSERT INTO t VALUES (2)", "SELECT * FROM t"])
        {
            // The connections stand elsewhere by now.
            await other.RunAsync("DO 1");
            await other.ScalarAsync("SELECT 1");
            var error = await Assert.ThrowsAsync<MySqlException>(() => session.RunAsync(sql));
            // MariaDB has other words while a connection still stands in it.
            (int, string)[] expected = [(1049, $"Unknown database '{schema}'"), .. bed.IsMySql ? ((int, string)[])[] : [(1146, $"Table '{schema}.t' doesn't exist")]];
            Assert.Contains((error.Number, error.Message), expected);
            Assert.Equal(1L, Convert.ToInt64(await session.ScalarAsync("SELECT 1")));
        }

        // In a transaction, too, the session goes on; and once the schema is there again, it is in it.
        await session.RunAsync("BEGIN", $"INSERT INTO {bed.Schema}.t VALUES (5)", "COMMIT");
        await bed.OnPrimaryAsync($"CREATE DATABASE {schema}", $"CREATE TABLE {schema}.t (id INT)");
        await session.RunAsync("INSERT INTO t VALUES (3)");
        Assert.Equal(3L, Convert.ToInt64(await session.ScalarAsync("SELECT id FROM t")));
        Assert.Equal(schema, await session.ScalarAsync("SELECT DATABASE()"));
        await bed.OnPrimaryAsync($"DROP DATABASE {schema}");
        await session.RunAsync($"USE {bed.Schema}");
        Assert.Equal(bed.Schema, await session.ScalarAsync("SELECT DATABASE()"));
    }
}
