using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>What one statement leaves for the next to ask: warnings, errors, row counts.</summary>
public sealed class AfterStatementTests
{
    private const string Table = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)";

    [Theory, EachFlavor]
    public async Task Warnings_of_a_read_on_a_replica_are_shown(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            await session.RunAsync("SELECT CAST('abc' AS SIGNED)");
            Assert.Contains("1292|Truncated incorrect INTEGER value: 'abc'", Assert.Single(await session.RowsAsync("SHOW WARNINGS")), StringComparison.Ordinal);
            await session.RunAsync("SELECT 1");
            // MariaDB keeps them over statements without a table.
            Assert.Equal(bed.IsMySql ? 0 : 1, (await session.RowsAsync("SHOW WARNINGS")).Count);
        }
    }

    [Theory, EachFlavor]
    public async Task Warnings_and_row_counts_outlive_the_held_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.HoldTimeout = TimeSpan.FromMilliseconds(1), Table, "INSERT INTO t (v) VALUES (1), (2), (3)");
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("SET sql_mode=''", "INSERT INTO t (v) VALUES ('12x')");
        await ReclaimedAsync(bed, other);
        Assert.Equal(["Warning|1265|Data truncated for column 'v' at row 1"], await session.RowsAsync("SHOW WARNINGS"));

        await session.RunAsync("UPDATE t SET v = v + 10");
        await ReclaimedAsync(bed, other);
        Assert.Equal(["4"], await session.RowsAsync("SELECT ROW_COUNT()"));
        await session.RowsAsync("SELECT v FROM t WHERE v < 13");
        Assert.Equal(1146, (await session.FailsAsync("SELECT * FROM missing")).Number);
        await ReclaimedAsync(bed, other);
        Assert.Equal(["2|-1"], await session.RowsAsync("SELECT FOUND_ROWS() AS found, ROW_COUNT() AS counted"));
    }

    /// <summary>The sweep has taken back what sessions hold without a reason to keep it longer.</summary>
    private static async Task ReclaimedAsync(TestBed bed, MySqlConnector.MySqlConnection other)
    {
        for (var i = 0; i < 2; i++)
        {
            var before = bed.Proxy.Context.Counters.HoldsReclaimed;
            await other.ScalarAsync("SELECT LAST_INSERT_ID()");
            await Eventually.IsTrueAsync(() => bed.Proxy.Context.Counters.HoldsReclaimed > before, "a held connection was taken back");
        }
    }

    [Theory, EachFlavor]
    public async Task Warnings_and_errors_of_writes_are_shown(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        await session.RunAsync("SET sql_mode=''", "INSERT INTO t (v) VALUES ('12x')");
        Assert.Equal(["Warning|1265|Data truncated for column 'v' at row 1"], await session.RowsAsync("SHOW WARNINGS"));
        Assert.Equal(["1"], await session.RowsAsync("SHOW COUNT(*) WARNINGS"));
        Assert.Equal(1, await session.NumberAsync("SELECT @@warning_count"));

        Assert.Equal(1146, (await session.FailsAsync("SELECT * FROM missing")).Number);
        Assert.Equal([$"Error|1146|Table '{bed.Schema}.missing' doesn't exist"], await session.RowsAsync("SHOW ERRORS"));
        Assert.Equal(1064, (await session.FailsAsync("SELEC 1")).Number);
        Assert.StartsWith("Error|1064|", Assert.Single(await session.RowsAsync("SHOW WARNINGS")), StringComparison.Ordinal);
        await session.RunAsync("INSERT INTO t (v) VALUES (1)");
        Assert.Empty(await session.RowsAsync("SHOW WARNINGS"));
    }

    [Theory, EachFlavor]
    public async Task A_session_never_sees_another_ones_warnings(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2);
        await using var warned = await bed.OpenAsync();
        await using var clean = await bed.OpenAsync();
        for (var i = 0; i < 6; i++)
        {
            await warned.RunAsync("SELECT CAST('abc' AS SIGNED)");
            await clean.RunAsync("SELECT 1");
            Assert.Empty(await clean.RowsAsync("SHOW WARNINGS"));
            Assert.Single(await warned.RowsAsync("SHOW WARNINGS"));
        }
    }

    [Theory, EachFlavor]
    public async Task Diagnostics_can_be_read_by_get_diagnostics(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await session.FailsAsync("SELECT * FROM missing");
        await session.RunAsync("GET DIAGNOSTICS CONDITION 1 @code = MYSQL_ERRNO, @state = RETURNED_SQLSTATE");
        Assert.Equal(["1146|42S02"], await session.RowsAsync("SELECT @code, @state"));
    }

    [Theory, EachFlavor]
    public async Task Found_rows_and_row_count_are_the_last_statements(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "INSERT INTO t (v) VALUES (1), (2), (3), (4)");
        await using var session = await bed.OpenAsync(b => b.UseAffectedRows = true);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["1", "2"], await session.RowsAsync("SELECT SQL_CALC_FOUND_ROWS v FROM t ORDER BY v LIMIT 2"));
            Assert.Equal(4, await session.NumberAsync("SELECT FOUND_ROWS()"));
            await session.RowsAsync("SELECT v FROM t WHERE v > 1");
            Assert.Equal(3, await session.NumberAsync("SELECT FOUND_ROWS()"));
            await session.RunAsync("UPDATE t SET id = id WHERE v < 3");
            Assert.Equal(0, await session.NumberAsync("SELECT ROW_COUNT()"));
            await session.RunAsync("INSERT INTO t (v) VALUES (0)", "DELETE FROM t WHERE v = 0");
            Assert.Equal(1, await session.NumberAsync("SELECT ROW_COUNT()"));
            Assert.Equal(-1, await session.NumberAsync("SELECT ROW_COUNT()"));
        }
    }

    /// <summary>A connection that comes back to its session has another session's counts.</summary>
    [Theory, EachFlavor]
    public async Task Row_count_is_not_that_of_another_session_on_the_same_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1, Table, "INSERT INTO t (v) VALUES (1), (2)");
        await using var session = await bed.OpenAsync(b => b.UseAffectedRows = true);
        await using var other = await bed.OpenAsync(b => b.UseAffectedRows = true);
        for (var i = 0; i < 3; i++)
        {
            await session.RunAsync("UPDATE t SET v = v WHERE v = 1");
            await other.RowsAsync("SELECT v FROM t FOR UPDATE");
            Assert.Equal(0, await session.NumberAsync("SELECT ROW_COUNT()"));
        }
    }
}
