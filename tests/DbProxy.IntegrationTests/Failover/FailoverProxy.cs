using DbProxy.Core;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>A proxy in this process before a cluster, its clients, and the conditions that tests wait for.</summary>
internal sealed class FailoverProxy : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly ReplicationCluster _cluster;

    private FailoverProxy(ReplicationCluster cluster, ProxyServer proxy) => (_cluster, Server) = (cluster, proxy);

    internal ProxyServer Server { get; }

    internal Topology Topology => Server.Topology;

    internal IEnumerable<ConnectionPool> Pools => Server.Context.Users.Accounts.SelectMany(a => a.Pools);

    internal ServerState this[LocalServer server] => Topology.Servers.Single(s => s.Port == server.Port);

    /// <summary>Starts a proxy and waits until it knows every server's role.</summary>
    internal static async Task<FailoverProxy> StartAsync(ReplicationCluster cluster, Action<ProxyOptions>? change = null)
    {
        var options = new ProxyOptions
        {
            Listen = ["127.0.0.1:0"],
            Servers = [.. cluster.Servers.Select(s => new ServerOptions { Address = $"127.0.0.1:{s.Port}", Name = $"db{s.ServerId}" })],
        };
        options.Monitor.User = cluster.Monitor.User;
        options.Monitor.Password = cluster.Monitor.Password;
        options.ClientTls.Mode = ClientTlsMode.Disabled;
        options.ServerTls.Mode = ServerTlsMode.Disabled;
        change?.Invoke(options);
        var proxy = new FailoverProxy(
            cluster, new ProxyServer(new ConfigStore(ProxyConfig.From(options)), NullLoggerFactory.Instance));
        await proxy.Server.StartAsync();
        await proxy.UntilAsync(
            () => proxy.IsPrimary(cluster.Primary) && proxy.Topology.Current.Fresh.Length == cluster.Replicas.Count(r => r.IsRunning),
            "every server is known");
        return proxy;
    }

    internal bool IsPrimary(LocalServer server) => Topology.Current.Primary == this[server];

    internal bool IsFresh(LocalServer server) => Topology.Current.Fresh.Contains(this[server]);

    internal string ConnectionString => new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1",
        Port = (uint)Server.EndPoints[0].Port,
        UserID = _cluster.App.User,
        Password = _cluster.App.Password,
        Database = "app",
        SslMode = MySqlSslMode.None,
        AllowPublicKeyRetrieval = true,
        Pooling = false,
        ConnectionTimeout = 20,
        DefaultCommandTimeout = 40,
    }.ConnectionString;

    internal async Task<MySqlConnection> ConnectAsync()
    {
        var connection = new MySqlConnection(ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow + _patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not within {_patience.TotalSeconds} s: {what}. {this}");
            await Task.Delay(10);
        }
    }

    /// <summary>No session, no lease and no waiting place is left.</summary>
    internal Task UntilQuietAsync() => UntilAsync(
        () => Server.Context.Sessions.Count == 0
            && Pools.All(p => p.WaiterCount == 0 && p.OpenCount == p.IdleCount)
            && Server.Context.Backends.Sum(b => b.Connections.Count()) == Pools.Sum(p => p.IdleCount)
            && Topology.Servers.Sum(s => s.ActiveConnections) == Pools.Sum(p => p.IdleCount),
        "sessions, leases and waiting places are given back");

    public override string ToString() =>
        $"{Server.Context.Sessions.Count} sessions; "
        + string.Join(", ", Pools.Where(p => p.OpenCount > 0).Select(p => $"{p.Backend.State}: {p.IdleCount}/{p.OpenCount} idle, {p.WaiterCount} waiting"))
        + "; " + string.Join(" | ", Topology.Servers.Select(s =>
            $"{s} {s.Model.Health} {s.Model.Role} {s.ActiveConnections} open, lag {s.Model.LagMilliseconds:0}: {s.Model.Reason}"));

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
