using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlPrimaryMoveTests(MySqlFailoverCluster fixture, ITestOutputHelper output) : PrimaryMoveTests(fixture, output);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbPrimaryMoveTests(MariaDbFailoverCluster fixture, ITestOutputHelper output) : PrimaryMoveTests(fixture, output);

/// <summary>The primary takes writes no more before another server does: what it refuses waits, as long as nothing of it was done.</summary>
public abstract class PrimaryMoveTests(FailoverCluster fixture, ITestOutputHelper output) : FailoverTest(fixture)
{
    private const int ReadOnly = 1290;

    [Theory]
    [InlineData("SET autocommit = 1")]
    [InlineData("SET autocommit = 0")]
    [InlineData("BEGIN")]
    [InlineData("START TRANSACTION")]
    public async Task A_write_that_the_former_primary_refuses_runs_on_the_next_one(string before)
    {
        await using var proxy = await StartAsync(seconds: 20);
        var (former, chosen) = (Cluster.Primary, Cluster.Replicas[0]);
        var value = await ValueAsync(31);
        await using var connection = await proxy.ConnectAsync();
        await connection.ExecuteAsync("SET SESSION sql_mode = 'ANSI_QUOTES'");
        await connection.ExecuteAsync(before);
        await Cluster.ExecuteAsync(former, "SET GLOBAL read_only = 1");
        var write = connection.ExecuteAsync("UPDATE cells SET \"v\" = v + 1 WHERE id = 31");
        await proxy.UntilAsync(() => proxy.Server.Context.Counters.PrimaryWaits > 0, "the write waits");
        await Cluster.PromoteAsync(chosen);
        Assert.Equal(1, await write);
        Assert.Equal(chosen.ServerId, (await connection.RowAsync("SELECT @@server_id, v FROM cells WHERE id = 31 FOR UPDATE"))[0]);
        // What began on the former primary is a transaction still.
        var inTransaction = !before.EndsWith('1');
        Assert.Equal(inTransaction ? value : value + 1, await ValueAsync(31));
        await connection.ExecuteAsync("COMMIT");
        Assert.Equal(value + 1, await ValueAsync(31));
        await connection.DisposeAsync();
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task A_prepared_write_that_begins_a_transaction_waits_too()
    {
        await using var proxy = await StartAsync(seconds: 20);
        var (former, chosen) = (Cluster.Primary, Cluster.Replicas[0]);
        var value = await ValueAsync(32);
        await using var connection = await proxy.ConnectAsync();
        await using var command = new MySqlCommand("UPDATE cells SET v = v + @by WHERE id = 32", connection);
        command.Parameters.AddWithValue("@by", 5);
        await command.PrepareAsync();
        await connection.ExecuteAsync("BEGIN");
        await Cluster.ExecuteAsync(former, "SET GLOBAL read_only = 1");
        var write = command.ExecuteNonQueryAsync();
        await proxy.UntilAsync(() => proxy.Server.Context.Counters.PrimaryWaits > 0, "the write waits");
        await Cluster.PromoteAsync(chosen);
        Assert.Equal(1, await write);
        await connection.ExecuteAsync("COMMIT");
        Assert.Equal(value + 5, await ValueAsync(32));
    }

    [Fact]
    public async Task A_primary_that_takes_writes_again_gets_those_that_waited()
    {
        await using var proxy = await StartAsync(seconds: 20);
        await using var connection = await proxy.ConnectAsync();
        await connection.ExecuteAsync("BEGIN");
        await Cluster.ExecuteAsync(Cluster.Primary, "SET GLOBAL read_only = 1");
        var write = connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 33");
        await proxy.UntilAsync(() => proxy.Server.Context.Counters.PrimaryWaits > 0, "the write waits");
        await Cluster.ExecuteAsync(Cluster.Primary, "SET GLOBAL read_only = 0");
        Assert.Equal(1, await write);
        await connection.ExecuteAsync("ROLLBACK");
    }

    [Theory]
    [InlineData("SET autocommit = 1")]
    [InlineData("BEGIN")]
    public async Task Without_another_primary_a_refused_write_fails_after_the_configured_wait(string before)
    {
        await using var proxy = await StartAsync(seconds: 0.5);
        await using var connection = await proxy.ConnectAsync();
        await connection.ExecuteAsync(before);
        await Cluster.ExecuteAsync(Cluster.Primary, "SET GLOBAL read_only = 1");
        var error = await Assert.ThrowsAsync<MySqlException>(() => connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 34"));
        Assert.Contains("no primary server", error.Message);
        await Cluster.ExecuteAsync(Cluster.Primary, "SET GLOBAL read_only = 0");
        await proxy.UntilAsync(() => proxy.IsPrimary(Cluster.Primary), "the primary is back");
        Assert.Equal(1, await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 34"));
        await connection.ExecuteAsync("ROLLBACK");
    }

    [Theory]
    [InlineData("UPDATE cells SET v = v + 1 WHERE id = 35")]
    [InlineData("SELECT v FROM cells WHERE id = 35")]
    [InlineData("SAVEPOINT s")]
    public async Task A_transaction_that_has_done_something_is_told_by_the_server(string first)
    {
        await using var proxy = await StartAsync(seconds: 20);
        await using var connection = await proxy.ConnectAsync();
        await connection.ExecuteAsync("BEGIN");
        await connection.ExecuteAsync(first);
        await Cluster.ExecuteAsync(Cluster.Primary, "SET GLOBAL read_only = 1");
        var error = await Assert.ThrowsAsync<MySqlException>(() => connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 36"));
        Assert.Equal(ReadOnly, error.Number);
        Assert.Contains("--read-only", error.Message);
        await connection.ExecuteAsync("ROLLBACK");
    }

    [Fact]
    public async Task Orders_that_begin_plainly_survive_a_promotion()
    {
        await using var proxy = await StartAsync(seconds: 20);
        var chosen = Cluster.Replicas[0];
        // One row a session, and one statement a transaction: none is refused in its middle.
        var load = Load.Start(proxy, 8, async (connection, session) =>
        {
            if (session % 2 == 0)
                await connection.ExecuteAsync("BEGIN");
            await connection.ExecuteAsync($"INSERT INTO log (note) VALUES (CONCAT('by ', @@server_id))");
            if (session % 2 == 0)
                await CommitAsync(connection);
            return 0;
        });
        await load.MoreAsync(100);
        await Cluster.PromoteAsync(chosen);
        await load.MoreAsync(100);
        await load.StopAsync();
        output.WriteLine(load.ToString());
        load.AssertNoErrors();

        // What was written when the server turned read-only is refused at its COMMIT, and that is not to be repeated.
        static async Task CommitAsync(MySqlConnection connection)
        {
            try
            {
                await connection.ExecuteAsync("COMMIT");
            }
            catch (MySqlException e) when (e.Number == ReadOnly)
            {
                await connection.ExecuteAsync("ROLLBACK");
            }
        }
    }

    private Task<FailoverProxy> StartAsync(double seconds) =>
        FailoverProxy.StartAsync(Cluster, o => o.Routing.PrimaryWait = TimeSpan.FromSeconds(seconds));

    private async Task<long> ValueAsync(int row) =>
        (long)(await Cluster.ScalarAsync(Cluster.Primary, $"SELECT v FROM app.cells WHERE id = {row}"))!;
}
