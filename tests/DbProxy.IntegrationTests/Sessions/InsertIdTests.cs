using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

public sealed class InsertIdTests
{
    private const string Table = "CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, v BIGINT)";

    [Theory, EachFlavor]
    public async Task The_insert_id_is_there_right_after_and_behind_reads_on_replicas(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        for (var i = 1; i <= 5; i++)
        {
            await using var insert = new MySqlCommand("INSERT INTO t (v) VALUES (7)", session);
            await insert.ExecuteNonQueryAsync();
            Assert.Equal(i, insert.LastInsertedId);
            Assert.Equal(i, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
            await session.RowsAsync("SELECT * FROM t");
            Assert.Equal(i, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
            Assert.Equal(i, await session.NumberAsync("SELECT @@last_insert_id"));
            Assert.Equal(i, await session.NumberAsync("SELECT @@identity"));
        }
    }

    [Theory, EachFlavor]
    public async Task The_insert_id_survives_the_hold_and_other_sessions_on_the_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => (o.Pool.HoldTimeout, o.Pool.MaxConnections) = (TimeSpan.FromMilliseconds(50), 1), Table);
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        for (var i = 1; i <= 3; i++)
        {
            await session.RunAsync("INSERT INTO t (v) VALUES (7)");
            var id = await other.NumberAsync("SELECT MAX(id) FROM t FOR UPDATE");
            var reclaimed = bed.Proxy.Context.Counters.HoldsReclaimed;
            await other.RunAsync("INSERT INTO t (v) VALUES (8), (9)");
            Assert.Equal(id, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
            Assert.Equal(id + 1, await other.NumberAsync("SELECT LAST_INSERT_ID()"));
            Assert.Equal(id, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
        }

        Assert.True(bed.Proxy.Context.Counters.HoldsReclaimed > 0);
    }

    /// <summary>A sequence's last value is the connection's too; it is there for the statement directly behind.</summary>
    [Fact]
    public async Task The_number_just_drawn_from_a_sequence_is_the_sessions_own()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.Pool.HoldTimeout = TimeSpan.FromMinutes(1), "CREATE SEQUENCE s");
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        for (var i = 1; i <= 3; i++)
        {
            var drawn = await session.NumberAsync("SELECT NEXTVAL(s)");
            Assert.NotEqual(drawn, await other.NumberAsync("SELECT NEXTVAL(s)"));
            Assert.Equal(drawn, await session.NumberAsync("SELECT LASTVAL(s)"));
        }
    }

    [Theory, EachFlavor]
    public async Task Statements_that_use_the_insert_id_get_the_sessions_own(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => o.Pool.HoldTimeout = TimeSpan.FromMilliseconds(50), Table, "CREATE TABLE child (parent BIGINT, n INT)");
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("INSERT INTO t (v) VALUES (1)");
        await session.RunAsync("INSERT INTO child VALUES (LAST_INSERT_ID(), 1)");
        await other.RunAsync("INSERT INTO t (v) VALUES (2)");
        await session.RunAsync("INSERT INTO child VALUES (LAST_INSERT_ID(), 2)");
        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Counters.HoldsReclaimed >= 2, "holds reclaimed");
        await session.RunAsync("INSERT INTO child VALUES (LAST_INSERT_ID(), 3)");
        await other.RunAsync("INSERT INTO child SELECT LAST_INSERT_ID(), 4");
        Assert.Equal(["1|1", "1|2", "1|3", "2|4"], await session.RowsAsync("/* dbproxy:primary */ SELECT parent, n FROM child ORDER BY n"));
        Assert.Equal(["1"], await session.RowsAsync("SELECT v FROM t WHERE id = LAST_INSERT_ID()"));
    }

    [Theory, EachFlavor]
    public async Task Explicit_ids_several_rows_and_no_auto_increment_behave_as_on_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "CREATE TABLE plain (v INT)");
        string[] script =
        [
            "SELECT LAST_INSERT_ID()", "INSERT INTO t (v) VALUES (1), (2), (3)", "SELECT LAST_INSERT_ID()", "SELECT 5", "INSERT INTO t VALUES (100, 1)",
            "SELECT LAST_INSERT_ID()", "INSERT INTO plain VALUES (1)", "SELECT LAST_INSERT_ID()", "SELECT COUNT(*) FROM t", "UPDATE t SET v = 9 WHERE id = 1",
            "SELECT LAST_INSERT_ID()", "UPDATE t SET v = LAST_INSERT_ID(v + 1) WHERE id = 2", "SELECT 1", "SELECT LAST_INSERT_ID()",
            "SELECT LAST_INSERT_ID(77)", "SELECT LAST_INSERT_ID()", "REPLACE INTO t VALUES (2, 5)", "SELECT LAST_INSERT_ID()", "SET last_insert_id = 12",
            "SELECT 1", "SELECT LAST_INSERT_ID()", "SET insert_id = 500", "INSERT INTO t (v) VALUES (1)", "SELECT LAST_INSERT_ID()",
            "DELETE FROM t", "DELETE FROM plain", "ALTER TABLE t AUTO_INCREMENT = 1",
        ];
        await using var direct = await bed.OpenDirectAsync(bed.Cluster.Primary);
        await using var proxied = await bed.OpenAsync();
        var expected = await PlayAsync(direct, script);
        Assert.Equal(expected, await PlayAsync(proxied, script));
    }

    [Theory, EachFlavor]
    public async Task An_insert_id_told_before_its_connection_was_lost_is_not_an_older_one(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        for (var i = 1; i <= 6; i++)
        {
            await using var insert = new MySqlCommand("INSERT INTO t (v) VALUES (7)", session);
            await insert.ExecuteNonQueryAsync();
            Assert.Equal(i, insert.LastInsertedId);
            if (i % 3 != 1)
            {
                // As the sweep does where a server seems to hang; from 20 ms on a connection is looked at before it is used.
                bed.Proxy.Context.Backends.Single(b => b.State == bed.Proxy.Context.Topology.Current.Primary).AbortAll();
                await Task.Delay(i % 3 == 0 ? 40 : 0, TestContext.Current.CancellationToken);
            }

            Assert.Equal(i, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
        }
    }

    [Theory, EachFlavor]
    public async Task The_insert_id_survives_a_statement_that_could_not_run(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("INSERT INTO t (v) VALUES (1), (2)", "SELECT LAST_INSERT_ID()", "INSERT INTO t (v) VALUES (3)");
        await session.FailsAsync("SET SESSION sql_mode = 'NO_SUCH_MODE'");
        await session.FailsAsync("INSERT INTO missing VALUES (1)");
        await other.RunAsync("INSERT INTO t (v) VALUES (4)");
        Assert.Equal(3, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
    }

    private static async Task<List<string>> PlayAsync(MySqlConnection session, string[] script)
    {
        List<string> story = [];
        foreach (var sql in script)
        {
            story.Add($"{sql} -> {string.Join(' ', await session.RowsAsync(sql))}");
        }

        return story;
    }
}
