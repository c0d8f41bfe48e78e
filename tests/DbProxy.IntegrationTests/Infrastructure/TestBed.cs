using DbProxy.Core.Configuration;
using DbProxy.LocalCluster;
using MySqlConnector;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>What most tests need: the shared cluster, a proxy of the test's own in front of it, and an empty schema.</summary>
public sealed class TestBed : IAsyncDisposable
{
    private static int _count;

    private TestBed(ReplicationCluster cluster, ProxyUnderTest proxy, string schema) =>
        (Cluster, Proxy, Schema) = (cluster, proxy, schema);

    public ReplicationCluster Cluster { get; }

    public ProxyUnderTest Proxy { get; }

    /// <summary>Of this test alone; the application account may do everything in it. Replicated to all servers.</summary>
    public string Schema { get; }

    public bool IsMySql => Cluster.Installation.Flavor == Flavor.MySql;

    /// <summary><c>@@server_id</c> of the primary.</summary>
    public long PrimaryId => Cluster.Primary.ServerId;

    /// <summary>Starts all; <paramref name="tables"/> are statements run in the schema before the proxy starts.</summary>
    public static async Task<TestBed> StartAsync(Flavor flavor, Action<ProxyOptions>? configure = null, params string[] tables)
    {
        var cluster = await Clusters.SharedAsync(flavor);
        var schema = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";
        await ServerAdmin.RunAsync(cluster, cluster.Primary, [$"CREATE DATABASE {schema}", $"USE {schema}", .. tables]);
        await ServerAdmin.SyncAsync(cluster);
        return new(cluster, await ProxyUnderTest.StartAsync(cluster, configure), schema);
    }

    /// <summary>A session through the proxy, in the schema.</summary>
    public Task<MySqlConnection> OpenAsync(Action<MySqlConnectionStringBuilder>? change = null) => Proxy.OpenAsync(Schema, change);

    /// <summary>A session on one server itself, as the application account, in the schema.</summary>
    public async Task<MySqlConnection> OpenDirectAsync(LocalServer server)
    {
        var connection = await Cluster.ConnectAsync(server, Cluster.App);
        await connection.ChangeDatabaseAsync(Schema);
        return connection;
    }

    /// <summary>Runs statements on the primary itself as root, and waits until the replicas have them.</summary>
    public async Task OnPrimaryAsync(params string[] statements)
    {
        await ServerAdmin.RunAsync(Cluster, Cluster.Primary, statements);
        await ServerAdmin.SyncAsync(Cluster);
    }

    /// <summary>The first value of a query on one server itself, as root.</summary>
    public Task<object?> OnServerAsync(LocalServer server, string query) => ServerAdmin.ScalarAsync(Cluster, server, query);

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await ServerAdmin.RunAsync(Cluster, Cluster.Primary, $"DROP DATABASE {Schema}");
    }
}
