using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Monitoring;

/// <summary>One cluster for all tests of a class; each test leaves it as it found it.</summary>
public abstract class MonitoredCluster(Flavor flavor) : IAsyncLifetime
{
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
            _cluster = await ReplicationCluster.StartAsync(flavor);
            await _cluster.ExecuteAsync(_cluster.Primary, "CREATE TABLE app.ticks (id INT AUTO_INCREMENT PRIMARY KEY)");
            await _cluster.WaitForSyncAsync();
        }
        catch (ClusterUnavailableException e)
        {
            _unavailable = e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class MySqlCluster() : MonitoredCluster(Flavor.MySql);

public sealed class MariaDbCluster() : MonitoredCluster(Flavor.MariaDb);
