using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Reloading;

/// <summary>Database servers that are added, removed and readdressed by another configuration, while sessions go on.</summary>
public sealed class ServerListTests
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY)";

    [Theory, EachFlavor]
    public async Task An_added_replica_takes_reads_of_sessions_that_were_there_before(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor, o => o.Servers.RemoveAt(2));
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var session = await bed.OpenAsync();
        Assert.Equal(2, await session.ServerIdAsync());
        Assert.Empty((await bed.Proxy.ReloadAsync(o => o.Servers.Add(Server(bed, 2)))).NeedRestart);
        await Eventually.IsTrueAsync(async () => await session.ServerIdAsync() == 3, () => "the new one answers");
        Assert.Contains("dbproxy_server_in_rotation{server=\"s3\"} 1", await admin.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory, EachFlavor]
    public async Task A_removed_replica_fails_no_statement_and_is_gone_when_its_last_transaction_is(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor, o => o.Pool.MaxConnections = 4, Table);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var reporting = await bed.OpenAsync();
        await reporting.RunAsync("START TRANSACTION READ ONLY");
        var replica = await reporting.ServerIdAsync();
        var name = $"s{replica}";
        using var stop = new CancellationTokenSource();
        var (before, after) = (0, 0);
        var removed = false;
        // More sessions than connections: some wait for one of the server that goes.
        var readers = Enumerable.Range(0, 12).Select(_ => Task.Run(() => ReadAsync(bed, stop.Token, id =>
        {
            if (id == replica && !Volatile.Read(ref removed))
                Interlocked.Increment(ref before);
            else if (Volatile.Read(ref removed))
                Interlocked.Increment(ref after);
        }))).ToList();
        await Eventually.IsTrueAsync(() => Volatile.Read(ref before) > 50 || readers.Any(r => r.IsFaulted), "it is read from");
        await bed.Proxy.ReloadAsync(o => o.Servers.RemoveAll(s => s.Name == name));
        Volatile.Write(ref removed, true);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref after) > 200 || readers.Any(r => r.IsFaulted), "reads go on");
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(replica, await reporting.ServerIdAsync());
        Assert.StartsWith("drain (removed): replica", (await admin.GetAsync($"/api/v1/mysql/servers/{name}")).Text("reason"), StringComparison.Ordinal);
        await using (var session = await bed.OpenAsync())
        {
            for (var i = 0; i < 20; i++)
                Assert.NotEqual(replica, await session.ServerIdAsync());
        }

        await reporting.RunAsync("COMMIT");
        await Eventually.IsTrueAsync(() => bed.Proxy.Server.Topology.Servers.Length == 2, "it is gone");
        Assert.NotEqual(replica, await reporting.ServerIdAsync());
        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Users.Accounts.SelectMany(a => a.Pools).All(p => !p.Backend.State.IsRemoved), "and its pools");
        Assert.DoesNotContain($"server=\"{name}\"", await admin.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains(bed.Proxy.Log.Lines, l => l.Text.Contains($"{name} at 127.0.0.1:", StringComparison.Ordinal) && l.Text.Contains("is gone", StringComparison.Ordinal));
    }

    [Theory, EachFlavor]
    public async Task At_another_address_a_server_is_another_one_and_what_runs_at_the_former_ends_there(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor, o => o.Servers.RemoveAt(2));
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var session = await bed.OpenAsync();
        await using var pinned = await bed.OpenAsync();
        await pinned.RunAsync("START TRANSACTION READ ONLY");
        Assert.Equal((2, 2), (await session.ServerIdAsync(), await pinned.ServerIdAsync()));
        await bed.Proxy.ReloadAsync(o => o.Servers[1].Address = Server(bed, 2).Address);
        await Eventually.IsTrueAsync(async () => await session.ServerIdAsync() == 3, () => "the name leads to the new address");
        Assert.Equal(2, await pinned.ServerIdAsync());
        Assert.Contains("dbproxy_server_in_rotation{server=\"s2\"} 1", await admin.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await pinned.RunAsync("COMMIT");
        await Eventually.IsTrueAsync(() => bed.Proxy.Server.Topology.Servers.Length == 2, "the former is gone");
        Assert.Equal(3, await pinned.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task A_removed_primary_lets_its_transaction_end_and_writes_wait_for_another(Flavor flavor)
    {
        await using var bed = await StartAsync(flavor, o => o.Routing.PrimaryWait = TimeSpan.FromMilliseconds(300), Table);
        await using var running = await bed.OpenAsync();
        await using var session = await bed.OpenAsync();
        await running.RunAsync("BEGIN", "INSERT INTO t VALUES (1)");
        await bed.Proxy.ReloadAsync(o => o.Servers.RemoveAt(0));
        var error = await session.FailsAsync("INSERT INTO t VALUES (2)");
        Assert.Equal("The primary server s1 is taken out by an operator: drain (removed), so nothing can be written. Try again when one is up.", error.Message);
        Assert.NotEqual(1, await session.ServerIdAsync());
        await running.RunAsync("INSERT INTO t VALUES (3)", "COMMIT");
        await Eventually.IsTrueAsync(() => bed.Proxy.Server.Topology.Servers.Length == 2, "it is gone");
        Assert.StartsWith("There is no primary server at present", (await session.FailsAsync("INSERT INTO t VALUES (4)")).Message, StringComparison.Ordinal);
        await using (var late = await bed.OpenAsync())
            Assert.NotEqual(1, await late.ServerIdAsync());

        await bed.Proxy.ReloadAsync(o => o.Routing.PrimaryWait = TimeSpan.FromSeconds(60));
        var write = session.RunAsync("INSERT INTO t VALUES (5)");
        await bed.Proxy.ReloadAsync(o => o.Servers.Add(Server(bed, 0)));
        Assert.Equal(1, await write);
        Assert.Equal(3L, await bed.OnServerAsync(bed.Cluster.Primary, $"SELECT COUNT(*) FROM {bed.Schema}.t"));
    }

    [Fact]
    public async Task A_wrong_configuration_changes_no_server()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        var before = bed.Proxy.Server.Topology.Current;
        using var taken = new EchoServer("taken");
        var refused = await bed.Proxy.ReloadAsync(o => (o.Servers, o.Listen) = ([o.Servers[0], o.Servers[1]], [$"127.0.0.1:{taken.Port}"]));
        Assert.StartsWith("Listen: can't listen on", Assert.Single(refused.Mistakes).ToString(), StringComparison.Ordinal);
        refused = await bed.Proxy.ReloadAsync(o => (o.Servers, o.Listen) = ([o.Servers[0], new() { Address = o.Servers[0].Address, Name = "twin" }], ["127.0.0.1:0"]));
        Assert.StartsWith("Servers[1].Address: ", Assert.Single(refused.Mistakes).ToString(), StringComparison.Ordinal);
        Assert.Same(before, bed.Proxy.Server.Topology.Current);
    }

    /// <summary>A busy machine must not take servers down on which sessions stay, nor those that are to answer.</summary>
    private static Task<TestBed> StartAsync(Flavor flavor, Action<ProxyOptions> configure, params string[] tables) => TestBed.StartAsync(
        flavor,
        o =>
        {
            (o.Monitor.ConnectTimeout, o.Monitor.Timeout, o.Routing.MaxLag) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
            configure(o);
        },
        tables);

    private static ServerOptions Server(TestBed bed, int index) =>
        new() { Name = $"s{index + 1}", Address = $"127.0.0.1:{bed.Cluster.Servers[index].Port}" };

    private static async Task ReadAsync(TestBed bed, CancellationToken stop, Action<long> seen)
    {
        await using var session = await bed.OpenAsync();
        while (!stop.IsCancellationRequested)
            seen(await session.ServerIdAsync());
    }
}
