using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Routing;

public sealed class TransactionTests
{
    private const string Table = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)";

    [Theory, EachFlavor]
    public async Task A_transaction_stays_on_the_primary_and_is_one(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        foreach (var (begin, end) in new[] { ("BEGIN", "COMMIT"), ("START TRANSACTION", "ROLLBACK"), ("START TRANSACTION WITH CONSISTENT SNAPSHOT", "COMMIT") })
        {
            await session.RunAsync(begin);
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
            await session.RunAsync("INSERT INTO t (v) VALUES (1)");
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
            await session.RunAsync(end);
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        }

        Assert.Equal(2, await session.NumberAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task Rolled_back_rows_and_savepoints_behave_as_on_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        await using (var transaction = await session.BeginTransactionAsync())
        {
            await new MySqlCommand("INSERT INTO t (v) VALUES (1)", session, transaction).ExecuteNonQueryAsync();
            await transaction.SaveAsync("one");
            await new MySqlCommand("INSERT INTO t (v) VALUES (2)", session, transaction).ExecuteNonQueryAsync();
            await transaction.RollbackAsync("one");
            Assert.Equal(1L, await new MySqlCommand("SELECT COUNT(*) FROM t", session, transaction).ExecuteScalarAsync());
            await transaction.CommitAsync();
        }

        Assert.Equal(["1"], await session.RowsAsync("SELECT v FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_read_only_transaction_runs_on_one_replica(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        HashSet<long> servers = [];
        for (var i = 0; i < 4; i++)
        {
            await session.RunAsync("START TRANSACTION READ ONLY");
            var server = await session.ServerIdAsync();
            Assert.NotEqual(bed.PrimaryId, server);
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(server, await session.ServerIdAsync());
            }

            Assert.Equal(1792, (await session.FailsAsync("INSERT INTO t (v) VALUES (1)")).Number);
            Assert.Equal(server, await session.ServerIdAsync());
            await session.RunAsync("COMMIT");
            servers.Add(server);
        }

        Assert.Equal(2, servers.Count);
        Assert.Equal(bed.PrimaryId, await session.NumberAsync("SELECT @@server_id FOR UPDATE"));
    }

    [Theory, EachFlavor]
    public async Task Autocommit_off_keeps_everything_on_the_primary(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        await session.RunAsync("SET autocommit=0");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
            await session.RunAsync("INSERT INTO t (v) VALUES (1)", i == 0 ? "ROLLBACK" : "COMMIT");
        }

        await using var other = await bed.OpenAsync();
        Assert.Equal(2, await other.NumberAsync("/* dbproxy:primary */ SELECT COUNT(*) FROM t"));
        await session.RunAsync("SET autocommit=1");
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        Assert.Equal(1, await session.NumberAsync("SELECT @@autocommit"));
    }

    [Theory, EachFlavor]
    public async Task A_deadlock_ends_the_transaction_of_its_victim_only(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "INSERT INTO t VALUES (1, 0), (2, 0)");
        await using var one = await bed.OpenAsync();
        await using var two = await bed.OpenAsync();
        await one.RunAsync("BEGIN", "UPDATE t SET v = v + 1 WHERE id = 1");
        await two.RunAsync("BEGIN", "UPDATE t SET v = v + 1 WHERE id = 2");
        var waits = one.RunAsync("UPDATE t SET v = v + 1 WHERE id = 2");
        var closes = two.RunAsync("UPDATE t SET v = v + 1 WHERE id = 1");
        var errors = new List<MySqlException>();
        foreach (var task in new[] { waits, closes })
        {
            try
            {
                await task;
            }
            catch (MySqlException e)
            {
                errors.Add(e);
            }
        }

        Assert.Equal(1213, Assert.Single(errors).Number);
        var (winner, victim) = waits.IsFaulted ? (two, one) : (one, two);
        await winner.RunAsync("COMMIT");
        Assert.Equal(2, await winner.NumberAsync("SELECT SUM(v) FROM t"));
        await victim.RunAsync("COMMIT");
        Assert.NotEqual(bed.PrimaryId, await victim.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task Isolation_for_the_next_transaction_holds_for_that_one_only(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, Table, "INSERT INTO t VALUES (1, 0)");
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "BEGIN");
        Assert.Equal(0, await session.NumberAsync("SELECT v FROM t"));
        await other.RunAsync("UPDATE t SET v = 1");
        Assert.Equal(1, await session.NumberAsync("SELECT v FROM t"));
        await session.RunAsync("COMMIT", "BEGIN");
        Assert.Equal(1, await session.NumberAsync("SELECT v FROM t"));
        await other.RunAsync("UPDATE t SET v = 2");
        Assert.Equal(1, await session.NumberAsync("SELECT v FROM t"));
        await session.RunAsync("COMMIT");
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task An_xa_transaction_is_prepared_and_committed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        var xid = $"'{bed.Schema}'";
        await using (var session = await bed.OpenAsync())
        {
            await session.RunAsync($"XA START {xid}", "INSERT INTO t (v) VALUES (5)");
            Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
            await session.RunAsync($"XA END {xid}", $"XA PREPARE {xid}", $"XA COMMIT {xid}");
        }

        await using var after = await bed.OpenAsync();
        Assert.Equal(5, await after.NumberAsync("/* dbproxy:primary */ SELECT v FROM t"));
    }
}
