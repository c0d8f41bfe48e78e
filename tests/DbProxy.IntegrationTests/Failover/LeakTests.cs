using System.Net.Sockets;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlLeakTests(MySqlFailoverCluster fixture) : LeakTests(fixture);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbLeakTests(MariaDbFailoverCluster fixture) : LeakTests(fixture);

/// <summary>Clients come and go, politely and not, and leave nothing behind.</summary>
public abstract class LeakTests(FailoverCluster fixture) : FailoverTest(fixture)
{
    private const string BigResult = "SELECT REPEAT('x', 1000) FROM cells a JOIN cells b";

    [Fact]
    public async Task Two_thousand_clients_leave_nothing_behind()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await using var connection = await proxy.ConnectAsync();
                await connection.ReadAsync();
                if (i % 10 == worker % 10)
                    await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1");
            }
        })));
        await proxy.UntilQuietAsync();
        Assert.Equal(2_000, proxy.Server.Context.Counters.SessionsAccepted);
        // One a server for each client at a time, and those that checked a login.
        Assert.InRange(proxy.Pools.Sum(p => p.OpenCount), 1, 150);
    }

    [Fact]
    public async Task Clients_that_vanish_in_the_middle_of_a_result_leave_nothing_behind()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await VanishAsync(proxy, worker % 2 == 0 ? BigResult : "SELECT * FROM cells FOR UPDATE", transaction: worker % 3 == 0);
        })));
        await proxy.UntilQuietAsync();
        // No transaction of a client that is gone holds a lock.
        await using var connection = await proxy.ConnectAsync();
        await connection.ExecuteAsync("SET innodb_lock_wait_timeout = 5");
        await connection.ExecuteAsync("UPDATE cells SET v = v + 1");
    }

    [Fact]
    public async Task Clients_that_vanish_while_they_wait_for_a_connection_leave_no_place_behind()
    {
        await using var proxy = await FailoverProxy.StartAsync(Cluster, o => o.Pool.MaxConnections = o.Pool.MaxIdle = 1);
        await using var holder = await proxy.ConnectAsync();
        var waiters = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var link = RawLink.Open(proxy.Server.EndPoints[0]);
            return (Link: link, Connection: await ConnectAsync(proxy, link));
        }));
        await holder.ExecuteAsync("BEGIN");
        await holder.ExecuteAsync("UPDATE cells SET v = v WHERE id = 1");
        var updates = waiters.Select(w => TryAsync(w.Connection, "UPDATE cells SET v = v WHERE id = 2")).ToArray();
        await proxy.UntilAsync(() => proxy.Pools.Sum(p => p.WaiterCount) == 20, "all wait");
        foreach (var (link, _) in waiters)
            await link.DisposeAsync();
        await Task.WhenAll(updates);
        foreach (var (_, connection) in waiters)
            await connection.DisposeAsync();
        await holder.ExecuteAsync("COMMIT");
        await holder.DisposeAsync();
        await proxy.UntilQuietAsync();
    }

    /// <summary>Sends a query and closes the socket, at the latest after the first bytes of the answer, unread.</summary>
    private static async Task VanishAsync(FailoverProxy proxy, string query, bool transaction)
    {
        await using var link = RawLink.Open(proxy.Server.EndPoints[0]);
        var connection = await ConnectAsync(proxy, link);
        if (transaction)
            await connection.ExecuteAsync("BEGIN");
        link.CutAfterNextBytes();
        await TryAsync(connection, query);
        await connection.DisposeAsync();
    }

    private static async Task<MySqlConnection> ConnectAsync(FailoverProxy proxy, RawLink link)
    {
        var text = new MySqlConnectionStringBuilder(proxy.ConnectionString) { Port = (uint)link.Port };
        var connection = new MySqlConnection(text.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task TryAsync(MySqlConnection connection, string query)
    {
        try
        {
            await connection.RowAsync(query);
        }
        catch (Exception e) when (e is MySqlException or IOException or SocketException or ObjectDisposedException)
        {
            // Cut, as asked for.
        }
    }
}
