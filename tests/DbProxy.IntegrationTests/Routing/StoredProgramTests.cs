using System.Data;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Routing;

public sealed class StoredProgramTests
{
    private const string Table = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)";

    [Theory, EachFlavor]
    public async Task A_function_that_writes_is_retried_on_the_primary_and_remembered(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null, Table,
            "CREATE DEFINER='app'@'%' FUNCTION notes(x INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO t (v) VALUES (x); RETURN @@server_id; END");
        await using var session = await bed.OpenAsync();
        Assert.Equal(bed.PrimaryId, await session.NumberAsync("SELECT notes(1)"));
        Assert.Equal(1, bed.Proxy.Context.Counters.ReadOnlyRetried);
        Assert.Equal(bed.PrimaryId, await session.NumberAsync("SELECT notes(2)"));
        Assert.Equal(bed.PrimaryId, await session.NumberAsync("SELECT notes(3)"));
        Assert.Equal(1, bed.Proxy.Context.Counters.ReadOnlyRetried);
        Assert.Equal(["1", "2", "3"], await session.RowsAsync("SELECT v FROM t ORDER BY id"));
    }

    [Theory, EachFlavor]
    public async Task A_prepared_call_of_a_function_that_writes_is_retried_on_the_primary(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null, Table,
            "CREATE DEFINER='app'@'%' FUNCTION notes(x INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO t (v) VALUES (x); RETURN @@server_id; END");
        await using var session = await bed.OpenAsync();
        await using var command = new MySqlCommand("SELECT notes(@x)", session);
        command.Parameters.AddWithValue("@x", 1);
        await command.PrepareAsync();
        for (var i = 1; i <= 3; i++)
        {
            command.Parameters[0].Value = i;
            Assert.Equal((int)bed.PrimaryId, await command.ExecuteScalarAsync());
        }

        Assert.Equal(["1", "2", "3"], await session.RowsAsync("SELECT v FROM t ORDER BY id"));
    }

    [Theory, EachFlavor]
    public async Task A_read_that_a_server_refuses_because_it_shuts_down_runs_on_another_one(Flavor flavor)
    {
        // A server says so to what runs at its end. Here the replicas say it, the one that is chosen first and the other one.
        await using var bed = await TestBed.StartAsync(flavor, null, """
            CREATE DEFINER='app'@'%' FUNCTION closing(first INT) RETURNS INT DETERMINISTIC
            BEGIN
              IF @@server_id <> first THEN SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 1053, MESSAGE_TEXT = 'Server shutdown in progress'; END IF;
              RETURN @@server_id;
            END
            """);
        await using var session = await bed.OpenAsync();
        Assert.Equal(bed.PrimaryId, await session.NumberAsync($"SELECT closing({bed.PrimaryId})"));

        // Within a transaction it is the client's to know.
        await session.RunAsync("START TRANSACTION READ ONLY");
        var told = await Assert.ThrowsAsync<MySqlException>(() => session.NumberAsync("SELECT closing(0)"));
        Assert.Equal(1053, told.Number);
    }

    [Theory, EachFlavor]
    public async Task A_procedure_runs_on_the_primary_with_all_its_results(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null, Table,
            "CREATE DEFINER='app'@'%' PROCEDURE p(IN x INT, OUT y INT, INOUT z INT) BEGIN SELECT @@server_id; INSERT INTO t (v) VALUES (x); SELECT v, 'second' FROM t; SET y = x + 1; SET z = z * 2; END");
        await using var session = await bed.OpenAsync();
        await session.RunAsync("SET @z = 21");
        Assert.Equal([$"{bed.PrimaryId}", "5|second"], await session.RowsAsync("CALL p(5, @y, @z)"));
        Assert.Equal(["6|42"], await session.RowsAsync("SELECT @y, @z"));

        await using var command = new MySqlCommand("p", session) { CommandType = CommandType.StoredProcedure };
        command.Parameters.AddWithValue("@x", 7);
        command.Parameters.Add(new MySqlParameter("@y", MySqlDbType.Int32) { Direction = ParameterDirection.Output });
        command.Parameters.Add(new MySqlParameter("@z", 10) { Direction = ParameterDirection.InputOutput });
        await command.ExecuteNonQueryAsync();
        Assert.Equal((8, 20), (Convert.ToInt32(command.Parameters["@y"].Value), Convert.ToInt32(command.Parameters["@z"].Value)));
    }

    [Theory, EachFlavor]
    public async Task A_prepared_call_returns_results_and_out_parameters(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null, "CREATE DEFINER='app'@'%' PROCEDURE p(IN x INT, OUT y INT) BEGIN SELECT @@server_id; SELECT x UNION SELECT 2; SET y = x * 3; END");
        await using var session = await bed.OpenAsync();
        await using var command = new MySqlCommand("p", session) { CommandType = CommandType.StoredProcedure };
        command.Parameters.AddWithValue("@x", 7);
        command.Parameters.Add(new MySqlParameter("@y", MySqlDbType.Int32) { Direction = ParameterDirection.Output });
        await command.PrepareAsync();
        for (var i = 0; i < 2; i++)
        {
            await using (var reader = await command.ExecuteReaderAsync())
            {
                Assert.True(await reader.ReadAsync());
                Assert.Equal(bed.PrimaryId, Convert.ToInt64(reader.GetValue(0)));
                Assert.True(await reader.NextResultAsync());
                Assert.True(await reader.ReadAsync() && await reader.ReadAsync());
                Assert.Equal(2, reader.GetInt32(0));
            }

            Assert.Equal(21, Convert.ToInt32(command.Parameters["@y"].Value));
        }
    }

    [Theory, EachFlavor]
    public async Task A_procedure_that_leaves_a_transaction_open_keeps_it(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null, Table, "CREATE DEFINER='app'@'%' PROCEDURE opens() BEGIN START TRANSACTION; INSERT INTO t (v) VALUES (1); END");
        await using var session = await bed.OpenAsync();
        await session.RunAsync("CALL opens()");
        Assert.Equal(1, await session.NumberAsync("SELECT COUNT(*) FROM t"));
        Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
        await session.RunAsync("ROLLBACK");
        Assert.Equal(0, await session.NumberAsync("SELECT COUNT(*) FROM t"));
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }
}
