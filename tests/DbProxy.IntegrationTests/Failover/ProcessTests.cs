using System.Diagnostics;
using System.Net;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

[Collection(MySqlFailover.Name)]
public sealed class MySqlProcessTests(MySqlFailoverCluster fixture) : ProcessTests(fixture);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbProcessTests(MariaDbFailoverCluster fixture) : ProcessTests(fixture);

/// <summary>The program before real servers: started by flags alone, watched over HTTP, drained by SIGTERM.</summary>
public abstract class ProcessTests(FailoverCluster fixture) : FailoverTest(fixture)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly string[] _families =
    [
        "dbproxy_sessions{0}", "dbproxy_session_pins_total{{reason=\"user_variable\"}}",
        "dbproxy_statements_total{{server=\"{1}\",role=\"replica\",class=\"read\"}}",
        "dbproxy_statements_total{{server=\"{2}\",role=\"primary\",class=\"write\"}}",
        "dbproxy_routes_total{{server=\"{2}\",reason=\"write\"}}",
        "dbproxy_statement_seconds_bucket{{server=\"{1}\",le=\"+Inf\"}}", "dbproxy_bytes_total{{server=\"{1}\",direction=\"received\"}}",
        "dbproxy_errors_total{{code=\"1146\",origin=\"server\"}}", "dbproxy_server_up{{server=\"{1}\"}}",
        "dbproxy_server_role{{server=\"{1}\",role=\"replica\"}}", "dbproxy_server_role{{server=\"{2}\",role=\"primary\"}}",
        "dbproxy_server_in_rotation{{server=\"{1}\"}}", "dbproxy_pool_open_connections{{server=\"{1}\"}}",
    ];

    private static readonly string[] _present =
    [
        "dbproxy_server_lag_seconds{", "dbproxy_pool_idle_connections{", "dbproxy_pool_waiting_sessions{", "dbproxy_pool_waits_total ",
        "dbproxy_pool_wait_seconds_total ", "dbproxy_primary_waits_total ", "dbproxy_causal_waits_total{", "dbproxy_retries_total{",
    ];

    [Fact]
    public async Task The_example_s_flags_are_enough_and_the_metrics_tell_what_happened()
    {
        await using var proxy = await ProxyProcess.StartAsync(Cluster);
        await using var connection = await proxy.ConnectAsync();
        HashSet<long> readers = [];
        for (var i = 0; i < 10; i++)
            readers.Add(await connection.ReadAsync());
        Assert.Equal(Cluster.Replicas.Select(r => (long)r.ServerId), readers.Order());
        await connection.ExecuteAsync("UPDATE cells SET v = v + 1 WHERE id = 1");
        await Assert.ThrowsAsync<MySqlException>(() => connection.ExecuteAsync("SELECT * FROM no_such_table"));
        await connection.ExecuteAsync("SET @a = 1");

        var metrics = await proxy.Admin.GetStringAsync("/metrics");
        var (replica, primary) = ($"127.0.0.1:{Cluster.Replicas[0].Port}", $"127.0.0.1:{Cluster.Primary.Port}");
        foreach (var family in _families.Select(f => string.Format(null, f, "", replica, primary)))
        {
            var line = metrics.Split('\n').FirstOrDefault(l => l.StartsWith(family + " ", StringComparison.Ordinal));
            Assert.True(line is not null && line.Split(' ')[^1] != "0", $"{family}: {line ?? "missing"} in\n{metrics}");
        }

        Assert.All(_present, family => Assert.Contains("\n" + family, metrics));
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("/healthz"));
    }

    [Fact]
    public async Task A_drain_ends_idle_sessions_lets_a_transaction_finish_and_exits_with_0()
    {
        await using var proxy = await ProxyProcess.StartAsync(Cluster);
        await using var busy = await proxy.ConnectAsync();
        await using var idle = await proxy.ConnectAsync();
        var before = (await idle.RowAsync("SELECT v FROM cells WHERE id = 5"))[0];
        await busy.ExecuteAsync("BEGIN");
        await busy.ExecuteAsync($"UPDATE cells SET v = {before + 1} WHERE id = 5");
        proxy.Stop();
        await proxy.UntilAsync(async () => await proxy.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable, "it says that it drains");
        Assert.Equal(HttpStatusCode.OK, await proxy.StatusAsync("/healthz"));
        await proxy.UntilAsync(() => RefusesAsync(proxy), "nobody gets in any more");
        await proxy.UntilAsync(async () => !await idle.PingAsync(), "the idle session is ended");
        // The transaction goes on as if nothing had happened, for several statements.
        Assert.Equal(before + 1, (await busy.RowAsync("SELECT v FROM cells WHERE id = 5"))[0]);
        await busy.ExecuteAsync("COMMIT");
        Assert.Equal(0, await proxy.ExitCodeAsync(_patience));
        Assert.Equal(before + 1, await Cluster.ScalarAsync(Cluster.Primary, "SELECT v FROM app.cells WHERE id = 5"));
    }

    [Fact]
    public async Task A_transaction_that_outlasts_the_drain_is_cut_and_rolled_back()
    {
        await using var proxy = await ProxyProcess.StartAsync(Cluster, ("DBPROXY_LIMITS__DRAINTIMEOUT", "1s"));
        await using var connection = await proxy.ConnectAsync();
        var before = (await connection.RowAsync("SELECT v FROM cells WHERE id = 6"))[0];
        await connection.ExecuteAsync("BEGIN");
        await connection.ExecuteAsync($"UPDATE cells SET v = {before + 1} WHERE id = 6");
        var watch = Stopwatch.StartNew();
        proxy.Stop();
        Assert.Equal(0, await proxy.ExitCodeAsync(_patience));
        Assert.True(watch.Elapsed > TimeSpan.FromMilliseconds(900), $"cut after {watch.Elapsed}");
        await Assert.ThrowsAnyAsync<Exception>(() => connection.ExecuteAsync("COMMIT"));
        Assert.Equal(before, await Cluster.ScalarAsync(Cluster.Primary, "SELECT v FROM app.cells WHERE id = 6"));
    }

    [Fact]
    public async Task A_running_statement_is_not_cut_by_the_drain()
    {
        await using var proxy = await ProxyProcess.StartAsync(Cluster);
        await using var connection = await proxy.ConnectAsync();
        var slow = connection.RowAsync("SELECT SLEEP(1.5), 7");
        await Task.Delay(200);
        proxy.Stop();
        var row = await slow;
        Assert.Equal([0, 7], row);
        Assert.Equal(0, await proxy.ExitCodeAsync(_patience));
    }

    private static async Task<bool> RefusesAsync(ProxyProcess proxy)
    {
        try
        {
            await using var connection = await proxy.ConnectAsync();
            return false;
        }
        catch (MySqlException)
        {
            return true;
        }
    }
}
