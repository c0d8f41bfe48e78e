using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlLimitTests(MySqlFailoverCluster fixture, ITestOutputHelper output) : LimitTests(fixture, output);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbLimitTests(MariaDbFailoverCluster fixture, ITestOutputHelper output) : LimitTests(fixture, output);

/// <summary>Fewer connections than sessions, on the proxy's side and on the servers'.</summary>
public abstract class LimitTests(FailoverCluster fixture, ITestOutputHelper output) : FailoverTest(fixture)
{
    private const int Sessions = 50;

    [Fact]
    public async Task Two_connections_serve_fifty_reading_sessions_in_order()
    {
        await using var proxy = await StartNarrowAsync();
        var slowest = await ShareAsync(proxy, rounds: 20, (connection, _) => connection.RowAsync("SELECT SLEEP(0.001), v FROM cells WHERE id = 1"));
        // Four connections at 1 ms and some: 50 sessions have their turn every 15 ms or so.
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"one waited {slowest}");
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task Two_connections_serve_fifty_writing_sessions_and_none_starves()
    {
        await using var proxy = await StartNarrowAsync();
        var slowest = await ShareAsync(proxy, rounds: 20, async (connection, session) =>
        {
            await using var command = new MySqlCommand($"INSERT INTO log (note) VALUES ('session {session}')", connection);
            await command.ExecuteNonQueryAsync();
            // The insert id is the session's own, whoever had its connection in between.
            var row = await connection.RowAsync("SELECT LAST_INSERT_ID()");
            Assert.Equal(command.LastInsertedId, row[0]);
        });
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"one waited {slowest}");
        await proxy.UntilQuietAsync();
    }

    [Fact]
    public async Task Sessions_that_wrote_and_fell_silent_keep_nobody_waiting()
    {
        await using var proxy = await StartNarrowAsync();
        var connections = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => proxy.ConnectAsync()));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(connections.Select(c => c.ExecuteAsync("INSERT INTO log (note) VALUES ('once')")));
        output.WriteLine($"50 inserts took {watch.ElapsedMilliseconds} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
        await Task.WhenAll(connections.Select(c => c.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_session_that_waits_in_vain_for_a_connection_is_told_which_limit_it_met()
    {
        await using var proxy = await StartNarrowAsync(acquireMilliseconds: 300);
        await using var first = await proxy.ConnectAsync();
        await using var second = await proxy.ConnectAsync();
        await using var third = await proxy.ConnectAsync();
        await first.ExecuteAsync("BEGIN");
        await first.ExecuteAsync("UPDATE cells SET v = v WHERE id = 1");
        await second.ExecuteAsync("BEGIN");
        await second.ExecuteAsync("UPDATE cells SET v = v WHERE id = 2");
        var error = await Assert.ThrowsAsync<MySqlException>(() => third.ExecuteAsync("UPDATE cells SET v = v WHERE id = 3"));
        Assert.Contains("Pool.MaxConnections", error.Message);
        await second.ExecuteAsync("ROLLBACK");
        Assert.NotEqual(-1, await third.ExecuteAsync("UPDATE cells SET v = v WHERE id = 3"));
        await first.ExecuteAsync("ROLLBACK");
    }

    [Fact]
    public async Task A_server_s_own_limit_is_told_and_those_inside_are_not_disturbed()
    {
        var primary = Cluster.Primary;
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await using var inside = await proxy.ConnectAsync();
        await inside.ExecuteAsync("BEGIN");
        await inside.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1");
        var before = await Cluster.ScalarAsync(primary, "SELECT @@global.max_connections");
        await using var root = await Cluster.ConnectAsync(primary);
        List<MySqlConnection> fill = [];
        try
        {
            await root.ExecuteAsync("SET GLOBAL max_connections = 10");
            var refused = await FillAsync(proxy, fill);
            Assert.Contains("Too many connections", refused.Message);
            Assert.Equal(MySqlErrorCode.ConnectionCountError, refused.ErrorCode);
            Assert.Equal(1, await inside.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1"));
            await inside.ExecuteAsync("COMMIT");
            Assert.NotEqual(primary.ServerId, await inside.ReadAsync());
        }
        finally
        {
            await root.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL max_connections = {before}"));
            await Task.WhenAll(fill.Select(c => c.DisposeAsync().AsTask()));
        }

        await using var next = await proxy.ConnectAsync();
        Assert.Equal(1, await next.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1"));
    }

    /// <summary>Opens transactions until one is refused.</summary>
    private static async Task<MySqlException> FillAsync(FailoverProxy proxy, List<MySqlConnection> connections)
    {
        try
        {
            while (connections.Count < 30)
            {
                connections.Add(await proxy.ConnectAsync());
                await connections[^1].ExecuteAsync("BEGIN");
            }
        }
        catch (MySqlException e)
        {
            return e;
        }

        throw new InvalidOperationException("no limit was met");
    }

    private Task<FailoverProxy> StartNarrowAsync(int acquireMilliseconds = 5_000) => FailoverProxy.StartAsync(Cluster, o =>
    {
        o.Pool.MaxConnections = o.Pool.MaxIdle = 2;
        o.Pool.AcquireTimeout = TimeSpan.FromMilliseconds(acquireMilliseconds);
    });

    /// <summary>All sessions do it so many times, in a closed loop; returns the longest time that one took.</summary>
    private async Task<TimeSpan> ShareAsync(FailoverProxy proxy, int rounds, Func<MySqlConnection, int, Task> step)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => proxy.ConnectAsync()));
        ConcurrentBag<TimeSpan> times = [];
        var whole = Stopwatch.StartNew();
        await Task.WhenAll(connections.Select((connection, session) => Task.Run(async () =>
        {
            for (var i = 0; i < rounds; i++)
            {
                var watch = Stopwatch.StartNew();
                await step(connection, session);
                times.Add(watch.Elapsed);
            }
        })));
        output.WriteLine($"{Sessions} sessions × {rounds}: {whole.ElapsedMilliseconds} ms, the slowest step {times.Max().TotalMilliseconds:0} ms");
        await Task.WhenAll(connections.Select(c => c.DisposeAsync().AsTask()));
        return times.Max();
    }
}
