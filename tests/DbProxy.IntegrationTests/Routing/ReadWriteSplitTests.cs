using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Routing;

public sealed class ReadWriteSplitTests
{
    /// <summary>Statements whose answer begins with the id of the server that ran them.</summary>
    private static readonly string[] Reads =
    [
        "SELECT @@server_id", "select @@server_id from t where id = 1;", "(SELECT @@server_id)", " \n\t SELECT @@server_id -- for update",
        "SELECT /* FOR UPDATE */ @@server_id", "SELECT @@server_id, 'INTO OUTFILE', \"GET_LOCK(1)\"", "SELECT @@server_id # ; DELETE FROM t",
        "WITH x AS (SELECT @@server_id AS id) SELECT id FROM x", "SELECT @@server_id UNION ALL SELECT 7",
        "SELECT @@server_id; SELECT 1", "SELECT /*!40001 SQL_NO_CACHE */ @@server_id FROM t", "/* dbproxy:replica */ SELECT @@server_id",
        "SELECT @@server_id, `get_lock` FROM (SELECT 1 AS `get_lock`) AS `for update`",
    ];

    private static readonly string[] OnPrimary =
    [
        "SELECT @@server_id FROM t WHERE id = 1 FOR UPDATE", "SELECT @@server_id FROM t LOCK IN SHARE MODE",
        "SELECT @@server_id, (SELECT id FROM t LIMIT 1 FOR UPDATE)", "SELECT @@server_id FROM (SELECT id FROM t FOR UPDATE) x",
        "SELECT @@server_id /*!50000 FROM t FOR UPDATE */", "/* dbproxy:primary */ SELECT @@server_id",
        "-- dbproxy:primary\nSELECT @@server_id", "SELECT @@server_id, GET_LOCK('dbproxy', 0)", "SELECT @@server_id, IS_FREE_LOCK('dbproxy')",
        "SELECT @@server_id, @x := 1", "SELECT @@server_id; INSERT INTO t VALUES (1000); DELETE FROM t WHERE id = 1000",
        "/* dbproxy:replica */ SELECT @@server_id FROM t FOR UPDATE", "SELECT @@server_id, @x",
        "SELECT @@server_id /* dbproxy:replica */ /* dbproxy:primary */",
    ];

    [Theory, EachFlavor]
    public async Task Reads_spread_over_both_replicas(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        Dictionary<long, int> answers = [];
        for (var i = 0; i < 40; i++)
        {
            var id = await session.ServerIdAsync();
            answers[id] = answers.GetValueOrDefault(id) + 1;
        }

        Assert.Equal([2L, 3L], answers.Keys.Order());
        Assert.All(answers.Values, count => Assert.Equal(20, count));
    }

    [Theory, EachFlavor]
    public async Task Statements_that_only_read_run_on_replicas(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        await using var session = await bed.OpenAsync();
        foreach (var sql in Reads)
        {
            var id = await session.NumberAsync(sql);
            Assert.True(id != bed.PrimaryId, $"{sql} ran on the primary");
        }
    }

    [Theory, EachFlavor]
    public async Task Statements_that_lock_or_leave_something_run_on_the_primary(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        string[] more = bed.IsMySql
            ? ["SELECT @@server_id FROM t FOR SHARE", "WITH x AS (SELECT id FROM t FOR UPDATE) SELECT @@server_id FROM x"]
            : ["SELECT @@server_id FROM t FOR UPDATE NOWAIT"];
        foreach (var sql in OnPrimary.Concat(more))
        {
            // Each in a session of its own: what pins would hide where the next one went.
            await using var session = await bed.OpenAsync();
            var id = await session.NumberAsync(sql);
            Assert.True(id == bed.PrimaryId, $"{sql} ran on server {id}");
        }
    }

    [Theory, EachFlavor]
    public async Task Select_into_goes_to_the_primary(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await session.RunAsync("SELECT @@server_id INTO @where_it_ran");
        Assert.Equal(bed.PrimaryId, await session.NumberAsync("SELECT @where_it_ran"));
    }

    [Theory, EachFlavor]
    public async Task Explain_show_describe_of_reads_run_on_replicas(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);

        // What replication passes over tells a replica from the primary for statements that cannot select @@server_id.
        await bed.Cluster.ExecuteAsync(bed.Cluster.Primary, ["SET sql_log_bin=0", $"CREATE TABLE {bed.Schema}.on_primary_only (id INT)"]);
        await using var session = await bed.OpenAsync();
        foreach (var sql in new[] { "EXPLAIN SELECT * FROM on_primary_only", "DESCRIBE on_primary_only", "SHOW COLUMNS FROM on_primary_only", "SHOW CREATE TABLE on_primary_only", "SELECT * FROM on_primary_only" })
        {
            var error = await session.FailsAsync(sql);
            Assert.True(error.Number == 1146, $"{sql}: {error.Message}");
        }

        // No write: its row event would stop the replicas, which have no such table.
        foreach (var sql in new[] { "EXPLAIN DELETE FROM on_primary_only", "SELECT * FROM on_primary_only FOR UPDATE", "SHOW TABLE STATUS", "HANDLER on_primary_only OPEN" })
        {
            await session.RunAsync(sql);
        }
    }

    [Theory, EachFlavor]
    public async Task A_session_reads_its_own_write(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        await using var session = await bed.OpenAsync();
        for (var i = 0; i < 100; i++)
        {
            await session.RunAsync($"INSERT INTO t (v) VALUES ({i})");
            Assert.Equal(i, await session.NumberAsync("SELECT MAX(v) FROM t"));
        }
    }
}
