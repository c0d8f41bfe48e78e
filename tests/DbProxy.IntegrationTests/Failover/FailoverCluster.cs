using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>
/// One cluster of a flavor for all tests that break it. They run one after the other, and each begins with the shape of
/// the start: three servers up, the first one the primary, nothing delayed.
/// </summary>
public abstract class FailoverCluster(Flavor flavor) : IAsyncLifetime
{
    internal const int Rows = 200;

    private readonly Dictionary<LocalServer, TimeSpan> _delays = [];
    private ReplicationCluster? _cluster;
    private string _unavailable = "";

    /// <summary>The cluster; the test is skipped, with the reason, where there is none.</summary>
    internal ReplicationCluster Cluster
    {
        get
        {
            if (_cluster is null)
                Assert.Skip(_unavailable);
            return _cluster;
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch (ClusterUnavailableException e)
        {
            _unavailable = e.Message;
        }
    }

    private async Task StartAsync()
    {
        _delays.Clear();
        _cluster = await ReplicationCluster.StartAsync(flavor);
        var values = string.Join(',', Enumerable.Range(0, Rows).Select(id => $"({id},0)"));
        await _cluster.ExecuteAsync(_cluster.Primary, [
            "CREATE TABLE app.cells (id INT PRIMARY KEY, v BIGINT NOT NULL)", $"INSERT INTO app.cells VALUES {values}",
            "CREATE TABLE app.log (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(100))",
        ]);
        await _cluster.WaitForSyncAsync();
    }

    /// <summary>Delays the replicas, in their order; without arguments none.</summary>
    internal async Task SetDelaysAsync(params int[] seconds)
    {
        foreach (var (replica, i) in Cluster.Replicas.Select((r, i) => (r, i)))
        {
            var wanted = TimeSpan.FromSeconds(i < seconds.Length ? seconds[i] : 0);
            if (_delays.GetValueOrDefault(replica) == wanted)
                continue;
            await Cluster.SetDelayAsync(replica, wanted);
            _delays[replica] = wanted;
        }
    }

    /// <summary>Brings the cluster back to the shape of its start; a test that failed half-way must not fail the next ones.</summary>
    internal async Task RestoreAsync()
    {
        if (_cluster is null)
            return;
        try
        {
            await RepairAsync();
        }
        catch (Exception e) when (e is MySqlException or TimeoutException or ServerStartException)
        {
            await _cluster.DisposeAsync();
            await StartAsync();
        }
    }

    private async Task RepairAsync()
    {
        foreach (var server in Cluster.Servers)
        {
            await server.ResumeAsync();
            await server.StartAsync();
        }

        await SetDelaysAsync();
        await Cluster.PromoteAsync(Cluster.Servers[0]);
        await Cluster.ExecuteAsync(Cluster.Servers[0], "SET GLOBAL read_only = 0");
        await Cluster.WaitForSyncAsync(TimeSpan.FromSeconds(15));
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MySqlFailoverCluster() : FailoverCluster(Flavor.MySql);

public sealed class MariaDbFailoverCluster() : FailoverCluster(Flavor.MariaDb);

[CollectionDefinition(Name)]
public sealed class MySqlFailover : ICollectionFixture<MySqlFailoverCluster>
{
    public const string Name = "failover MySQL";
}

[CollectionDefinition(Name)]
public sealed class MariaDbFailover : ICollectionFixture<MariaDbFailoverCluster>
{
    public const string Name = "failover MariaDB";
}

/// <summary>A test that breaks the cluster and leaves it whole.</summary>
public abstract class FailoverTest(FailoverCluster fixture) : IAsyncLifetime
{
    protected FailoverCluster Fixture => fixture;

    internal ReplicationCluster Cluster => fixture.Cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await fixture.RestoreAsync();
        GC.SuppressFinalize(this);
    }
}
