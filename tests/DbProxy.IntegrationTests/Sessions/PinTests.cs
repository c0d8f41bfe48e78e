using DbProxy.Core.Sessions;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>State that lives on one server connection keeps the session there, is counted, and ends where it can end.</summary>
public sealed class PinTests
{
    private const string Table = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)";

    [Theory, EachFlavor]
    public async Task User_variables_keep_their_values(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("SET @a = 5, @b = 'x'");
        await other.RunAsync("SET @a = 6");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["5|x"], await session.RowsAsync("SELECT @a, @b"));
            Assert.Equal(["6|NULL"], await other.RowsAsync("SELECT @a, @b"));
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
        }

        AssertPinned(bed, PinReasons.UserVariable, 2);
    }

    [Theory, EachFlavor]
    public async Task Assignments_in_a_select_and_variables_read_before_they_are_set(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        Assert.Equal(["NULL"], await session.RowsAsync("SELECT @never"));
        await session.RunAsync("SELECT @a := 3");
        Assert.Equal(["3"], await session.RowsAsync("SELECT @a"));
    }

    [Theory, EachFlavor]
    public async Task Temporary_tables_are_the_sessions_own(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("CREATE TEMPORARY TABLE t (name VARCHAR(10))", "INSERT INTO t VALUES ('mine')");
        Assert.Equal(["mine"], await session.RowsAsync("SELECT * FROM t"));
        Assert.Empty(await other.RowsAsync("SELECT id, v FROM t"));
        await session.RunAsync("DROP TEMPORARY TABLE t");
        Assert.Empty(await session.RowsAsync("SELECT id, v FROM t"));
        AssertPinned(bed, PinReasons.TemporaryTable, 1);
    }

    [Theory]
    [InlineData("CREATE TEMPORARY TABLE tmp (id INT)", "DROP TEMPORARY TABLE tmp")]
    [InlineData("CREATE TEMPORARY TABLE tmp SELECT 1 AS one", "DROP TABLE IF EXISTS tmp")]
    [InlineData("DO GET_LOCK('unpinned', 0)", "SELECT RELEASE_LOCK('unpinned')")]
    [InlineData("SELECT GET_LOCK('unpinned', 0)", "DO RELEASE_ALL_LOCKS()")]
    [InlineData("HANDLER t OPEN AS h", "HANDLER h CLOSE")]
    public async Task The_pin_ends_with_the_last_of_what_pinned(string takes, string givesUp)
    {
        foreach (var flavor in (Flavor[])[Flavor.MySql, Flavor.MariaDb])
        {
            await using var bed = await TestBed.StartAsync(flavor, null, Table);
            await using var session = await bed.OpenAsync();
            for (var i = 0; i < 2; i++)
            {
                await session.RunAsync(takes);
                Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
                await session.RunAsync(givesUp);
                Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
            }
        }
    }

    [Theory, EachFlavor]
    public async Task State_of_a_read_only_transaction_does_not_keep_later_writes_from_the_primary(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "INSERT INTO t (v) VALUES (1)");
        foreach (var sql in (string[])["SET @a = 5", "DO GET_LOCK('read_only', 0)", "PREPARE p FROM 'SELECT 1'", "HANDLER t OPEN", "CALL p()"])
        {
            await using var session = await bed.OpenAsync();
            if (sql == "CALL p()")
            {
                await bed.OnPrimaryAsync($"USE {bed.Schema}", "CREATE PROCEDURE p() BEGIN SET @in_procedure = 1; SELECT COUNT(*) FROM t; END");
            }

            await session.RunAsync("START TRANSACTION READ ONLY", "SET @before = 'kept'");
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
            await session.RunAsync(sql);
            Assert.Equal(1792, (await session.FailsAsync("UPDATE t SET v = 7")).Number);
            await session.RunAsync("COMMIT", "UPDATE t SET v = v + 1");
            Assert.Equal("kept", await session.TextAsync("SELECT @before"));
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
        }

        Assert.Equal(6L, Convert.ToInt64(await bed.OnServerAsync(bed.Cluster.Primary, $"SELECT v FROM {bed.Schema}.t")));
    }

    [Theory, EachFlavor]
    public async Task Named_locks_are_held_and_released(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var name = bed.Schema;
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        Assert.Equal(1, await session.NumberAsync($"SELECT GET_LOCK('{name}', 0)"));
        await session.ServerIdAsync();
        Assert.Equal(0, await other.NumberAsync($"SELECT GET_LOCK('{name}', 0)"));
        Assert.Equal(1, await session.NumberAsync($"SELECT RELEASE_LOCK('{name}')"));
        Assert.Equal(1, await other.NumberAsync($"SELECT GET_LOCK('{name}', 0)"));
        AssertPinned(bed, PinReasons.NamedLock, 2);
        await other.DisposeAsync();
        await Eventually.IsTrueAsync(async () => await session.NumberAsync($"SELECT GET_LOCK('{name}', 0)") == 1, () => "the lock of a session that left is free");
    }

    [Theory, EachFlavor]
    public async Task Table_locks_hold_until_they_are_unlocked(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("LOCK TABLES t WRITE", "INSERT INTO t (v) VALUES (1)");
        var waits = other.RunAsync("INSERT INTO t (v) VALUES (2)");
        Assert.Equal(["1"], await session.RowsAsync("SELECT v FROM t"));
        Assert.False(waits.IsCompleted);
        await session.RunAsync("UNLOCK TABLES");
        await waits;
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        AssertPinned(bed, PinReasons.TableLock, 1);
    }

    [Theory, EachFlavor]
    public async Task Statements_prepared_in_sql_and_handlers_stay(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "INSERT INTO t (v) VALUES (1), (2)");
        await using var session = await bed.OpenAsync();
        await session.RunAsync("PREPARE p FROM 'SELECT ? + 1'", "SET @x = 41");
        Assert.Equal(42, await session.NumberAsync("EXECUTE p USING @x"));
        await session.RunAsync("DEALLOCATE PREPARE p");
        AssertPinned(bed, PinReasons.SqlPrepared, 1);

        await using var reader = await bed.OpenAsync();
        await reader.RunAsync("HANDLER t OPEN");
        Assert.Equal(["1|1"], await reader.RowsAsync("HANDLER t READ FIRST"));
        Assert.Equal(["2|2"], await reader.RowsAsync("HANDLER t READ NEXT"));
        await reader.RunAsync("HANDLER t CLOSE");
        AssertPinned(bed, PinReasons.Handler, 1);
    }

    [Theory, EachFlavor]
    public async Task A_variable_that_cannot_follow_pins(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await session.RunAsync("SET timestamp = 1000000000");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(1000000000, await session.NumberAsync("SELECT UNIX_TIMESTAMP()"));
        }

        await using var other = await bed.OpenAsync();
        Assert.NotEqual(1000000000, await other.NumberAsync("SELECT UNIX_TIMESTAMP()"));
        Assert.True(bed.Proxy.Context.Counters.Pins(PinReasons.SessionVariable) + bed.Proxy.Context.Counters.Pins(PinReasons.Account) > 0);
    }

    [Theory, EachFlavor]
    public async Task A_pinned_connection_is_clean_for_the_next_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        for (var i = 0; i < 3; i++)
        {
            await using var session = await bed.OpenAsync();
            Assert.Equal(["NULL"], await session.RowsAsync("/* dbproxy:primary */ SELECT @a"));
            Assert.Equal(1146, (await session.FailsAsync("/* dbproxy:primary */ SELECT * FROM mine")).Number);
            await session.RunAsync("SET @a = 1", "CREATE TEMPORARY TABLE mine (id INT)", "SET sql_mode = 'ANSI_QUOTES'", "BEGIN");
        }
    }

    private static void AssertPinned(TestBed bed, PinReasons reason, long times) =>
        Assert.Equal(times, bed.Proxy.Context.Counters.Pins(reason));
}
