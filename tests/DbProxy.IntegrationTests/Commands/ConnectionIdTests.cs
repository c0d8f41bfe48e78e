using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>The id of the handshake is the one that SQL shows, and the one that KILL takes.</summary>
public sealed class ConnectionIdTests
{
    [Theory, EachFlavor]
    public async Task Sql_shows_the_id_of_the_handshake(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id BIGINT)");
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Capabilities.DeprecateEof | Capabilities.MultiStatements);
        var id = $"{client.Greeting!.ConnectionId}";
        Assert.InRange((long)client.Greeting.ConnectionId, 1L << 30, int.MaxValue);
        Assert.Equal([id], await client.RowsAsync("SELECT CONNECTION_ID()"));
        Assert.Equal([$"{id}|1|{id}"], await client.RowsAsync("SELECT CONNECTION_ID(), 1, @@pseudo_thread_id FROM dual WHERE CONNECTION_ID() > 0"));
        await client.RowsAsync("INSERT INTO t VALUES (CONNECTION_ID())");
        await client.RowsAsync("SET @me = CONNECTION_ID()");
        Assert.Equal([$"{id}|{id}"], await client.RowsAsync("SELECT @me, id FROM t"));
    }

    [Theory, EachFlavor]
    public async Task Prepared_statements_show_it_too(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var one = await bed.OpenAsync(b => b.IgnorePrepare = false);
        await using var two = await bed.OpenAsync(b => b.IgnorePrepare = false);
        foreach (var session in new[] { one, two, one })
        {
            await using var command = new MySqlCommand("SELECT CONNECTION_ID() + @add", session);
            command.Parameters.AddWithValue("@add", 0);
            await command.PrepareAsync(TestContext.Current.CancellationToken);
            Assert.Equal(session.ServerThread, Convert.ToInt32(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)));
        }
    }

    /// <summary>Name and type as from the server itself: a driver returns the same .NET type.</summary>
    [Theory, EachFlavor]
    public async Task Columns_are_as_without_a_proxy(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var through = await bed.OpenAsync();
        await using var direct = await bed.OpenDirectAsync(bed.Cluster.Primary);
        foreach (var sql in new[]
                 {
                     "SELECT CONNECTION_ID()", "SELECT CONNECTION_ID() id, connection_id ( ) FROM dual", "SELECT (CONNECTION_ID()) UNION SELECT 1",
                     "SELECT CONCAT('a', CONNECTION_ID()), CONNECTION_ID()+1", "(SELECT CONNECTION_ID())", "SELECT x.* FROM (SELECT CONNECTION_ID()) x",
                 })
        {
            Assert.Equal(await ColumnsAsync(direct, sql), await ColumnsAsync(through, sql));
        }
    }

    [Theory, EachFlavor]
    public async Task What_is_compared_with_the_servers_own_ids_stays_the_servers(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        Assert.Equal("Query", await session.TextAsync($"SELECT command FROM {ProcessList.Of(flavor)} WHERE id = CONNECTION_ID()"));
        Assert.Equal(1, await session.NumberAsync("SELECT GET_LOCK('mine', 0)"));
        Assert.Equal(1, await session.NumberAsync("SELECT IS_USED_LOCK('mine') = CONNECTION_ID()"));
        if (flavor == Flavor.MariaDb)
        {
            await session.RunAsync("USE information_schema");
            Assert.Equal(1, await session.NumberAsync("SELECT COUNT(*) FROM processlist WHERE id = CONNECTION_ID()"));
        }
    }

    /// <summary>The proxy's client is to be found behind each connection in the server's process list.</summary>
    [Fact]
    public async Task Connection_attributes_name_the_client()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql, o => o.Pool.MaxIdle = 0);
        await using var session = await bed.OpenAsync(b => b.ApplicationName = "shop");
        await session.RunAsync("BEGIN", "SELECT 1 FOR UPDATE");
        var rows = await session.RowsAsync(
            "SELECT attr_name, attr_value FROM performance_schema.session_account_connect_attrs WHERE processlist_id = CONNECTION_ID()");
        Assert.Contains($"_dbproxy_session|{session.ServerThread}", rows);
        Assert.Contains(rows, row => row.StartsWith("_dbproxy_client|127.0.0.1:", StringComparison.Ordinal) || row.StartsWith("_dbproxy_client|[::ffff:127.0.0.1]:", StringComparison.Ordinal));
        Assert.Contains($"_dbproxy_pid|{Environment.ProcessId}", rows);
        Assert.Contains($"_dbproxy_host|{Environment.MachineName}", rows);
        Assert.Contains("program_name|shop", rows);
    }

    private static async Task<string> ColumnsAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)} {reader.GetFieldType(i)}"));
    }
}
