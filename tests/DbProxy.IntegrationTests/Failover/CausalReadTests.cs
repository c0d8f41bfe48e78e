using System.Diagnostics;
using DbProxy.Core.Configuration;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlCausalReadTests(MySqlFailoverCluster fixture, ITestOutputHelper output) : CausalReadTests(fixture, output);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbCausalReadTests(MariaDbFailoverCluster fixture, ITestOutputHelper output) : CausalReadTests(fixture, output);

/// <summary>A session reads its own writes, though replicas are seconds behind.</summary>
public abstract class CausalReadTests(FailoverCluster fixture, ITestOutputHelper output) : FailoverTest(fixture)
{
    private const int Sessions = 50;
    private const int Delay = 3;

    private long _value;

    private long PrimaryId => Cluster.Primary.ServerId;

    [Fact]
    public async Task Ten_thousand_reads_see_the_write_before_them_while_one_replica_is_delayed()
    {
        await Fixture.SetDelaysAsync(Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var tally = await RunAsync(proxy, pairs: 10_000, WriteThenReadAsync);
        Assert.Equal((10_000, 0), (tally.Reads, tally.Stale));
        Assert.InRange(tally.OnReplica, 1, tally.Reads);
        // A delayed replica must not have been lucky: nothing that it was asked for was there yet.
        Assert.True(tally.By(Cluster.Replicas[1].ServerId) > tally.By(Cluster.Replicas[0].ServerId), tally.ToString());
    }

    [Fact]
    public async Task Reads_see_the_write_before_them_while_every_replica_is_delayed()
    {
        await Fixture.SetDelaysAsync(Delay, Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var tally = await RunAsync(proxy, pairs: 3_000, WriteThenReadAsync);
        Assert.Equal((3_000, 0), (tally.Reads, tally.Stale));
    }

    [Fact]
    public async Task Prepared_reads_see_the_write_before_them()
    {
        await Fixture.SetDelaysAsync(Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var tally = await RunAsync(proxy, pairs: 3_000, async (connection, row) =>
        {
            await using var write = new MySqlCommand("UPDATE cells SET v = @v WHERE id = @id", connection);
            await using var read = new MySqlCommand("SELECT v, @@server_id FROM cells WHERE id = @id", connection);
            var value = Interlocked.Increment(ref _value);
            write.Parameters.AddWithValue("@v", value);
            write.Parameters.AddWithValue("@id", row);
            read.Parameters.AddWithValue("@id", row);
            await write.PrepareAsync();
            await read.PrepareAsync();
            await write.ExecuteNonQueryAsync();
            return new(value, await read.RowAsync());
        });
        Assert.Equal((3_000, 0), (tally.Reads, tally.Stale));
        Assert.InRange(tally.OnReplica, 1, tally.Reads);
    }

    [Fact]
    public async Task Read_only_transactions_see_the_write_before_them()
    {
        await Fixture.SetDelaysAsync(Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var tally = await RunAsync(proxy, pairs: 2_000, async (connection, row) =>
        {
            var value = await WriteAsync(connection, row);
            await connection.ExecuteAsync("START TRANSACTION READ ONLY");
            var seen = await ReadAsync(connection, row);
            var again = await ReadAsync(connection, row);
            Assert.Equal(seen[1], again[1]);
            await connection.ExecuteAsync("COMMIT");
            return new(value, seen);
        });
        Assert.Equal((2_000, 0), (tally.Reads, tally.Stale));
        Assert.InRange(tally.OnReplica, 1, tally.Reads);
    }

    [Fact]
    public async Task A_transaction_s_writes_are_seen_after_its_commit()
    {
        await Fixture.SetDelaysAsync(Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        var tally = await RunAsync(proxy, pairs: 1_000, async (connection, row) =>
        {
            await connection.ExecuteAsync("BEGIN");
            var value = await WriteAsync(connection, row);
            Assert.Equal([value, PrimaryId], await ReadAsync(connection, row));
            await connection.ExecuteAsync("COMMIT");
            return new(value, await ReadAsync(connection, row));
        });
        Assert.Equal((1_000, 0), (tally.Reads, tally.Stale));
        Assert.InRange(tally.OnReplica, 1, tally.Reads);
    }

    [Fact]
    public async Task In_mode_global_another_session_s_acknowledged_write_is_seen()
    {
        await Fixture.SetDelaysAsync(Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.CausalReads = CausalReadsMode.Global);
        var readers = await ConnectAsync(proxy);
        var tally = await RunAsync(proxy, pairs: 3_000, async (connection, row) =>
            new(await WriteAsync(connection, row), await ReadAsync(readers[row], row)));
        await CloseAsync(readers);
        Assert.Equal((3_000, 0), (tally.Reads, tally.Stale));
        Assert.InRange(tally.OnReplica, 1, tally.Reads);
    }

    /// <summary>The other tests of this class could not fail if this one could not find a stale row.</summary>
    [Fact]
    public async Task In_mode_none_stale_rows_are_read()
    {
        await Fixture.SetDelaysAsync(Delay);
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Routing.CausalReads = CausalReadsMode.None);
        var tally = await RunAsync(proxy, pairs: 500, WriteThenReadAsync);
        Assert.InRange(tally.Stale, 50, 500);
        Assert.Equal(500, tally.OnReplica);
    }

    private async Task<Pair> WriteThenReadAsync(MySqlConnection connection, int row) =>
        new(await WriteAsync(connection, row), await ReadAsync(connection, row));

    private async Task<long> WriteAsync(MySqlConnection connection, int row)
    {
        var value = Interlocked.Increment(ref _value);
        Assert.Equal(1, await connection.ExecuteAsync($"UPDATE cells SET v = {value} WHERE id = {row}"));
        return value;
    }

    private static Task<long[]> ReadAsync(MySqlConnection connection, int row) =>
        connection.RowAsync($"SELECT v, @@server_id FROM cells WHERE id = {row}");

    private async Task<Tally> RunAsync(FailoverProxy proxy, int pairs, Func<MySqlConnection, int, Task<Pair>> step)
    {
        _value = await HighestAsync();
        var connections = await ConnectAsync(proxy);
        var tally = new Tally(PrimaryId);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(connections.Select((connection, row) => Task.Run(async () =>
        {
            for (var i = 0; i < pairs / Sessions; i++)
                tally.Add(await step(connection, row));
        })));
        output.WriteLine($"{tally} in {watch.Elapsed.TotalSeconds:0.0} s");
        await CloseAsync(connections);
        return tally;
    }

    private static async Task<MySqlConnection[]> ConnectAsync(FailoverProxy proxy) =>
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => proxy.ConnectAsync()));

    private static async Task CloseAsync(MySqlConnection[] connections) =>
        await Task.WhenAll(connections.Select(c => c.DisposeAsync().AsTask()));

    private async Task<long> HighestAsync() =>
        Convert.ToInt64(await Cluster.ScalarAsync(Cluster.Primary, "SELECT MAX(v) FROM app.cells"));

    /// <summary>What was written, and the value and the server that were read.</summary>
    private readonly record struct Pair(long Written, long[] Read);

    private sealed class Tally(long primary)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<long, int> _servers = [];

        internal int Reads { get; private set; }

        internal int Stale { get; private set; }

        internal int OnReplica => Reads - By(primary);

        internal int By(long server) => _servers.GetValueOrDefault(server);

        internal void Add(Pair pair)
        {
            lock (_lock)
            {
                Reads++;
                Stale += pair.Read[0] == pair.Written ? 0 : 1;
                _servers[pair.Read[1]] = By(pair.Read[1]) + 1;
            }
        }

        public override string ToString() =>
            $"{Reads} reads, {Stale} stale, {100.0 * OnReplica / Reads:0.0} % by replicas ("
            + string.Join(", ", _servers.OrderBy(s => s.Key).Select(s => $"server {s.Key}: {s.Value}")) + ")";
    }
}
