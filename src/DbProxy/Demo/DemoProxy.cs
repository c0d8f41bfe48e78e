using System.Net;
using System.Net.Sockets;
using DbProxy.Admin;
using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LocalCluster;

namespace DbProxy.Demo;

/// <summary>The proxy in front of the demo's cluster, on its usual ports where they are free.</summary>
internal sealed class DemoProxy : IAsyncDisposable
{
    private const int UsualPort = 6033;
    private const int UsualAdminPort = 6070;
    // Nothing is worth waiting for: the workload has ended by itself before the proxy stops.
    private static readonly TimeSpan _drain = TimeSpan.FromMilliseconds(500);

    private readonly AdminService _admin;

    private DemoProxy(ProxyServer server, AdminService admin) => (Server, _admin) = (server, admin);

    public ProxyServer Server { get; }

    public IPEndPoint EndPoint => Server.EndPoints[0];

    public Uri Metrics => new(_admin.Address!, "/metrics");

    /// <summary>The name of a server in the proxy: db1 is the one with server id 1.</summary>
    public static string NameOf(LocalServer server) => $"db{server.ServerId}";

    public static async Task<DemoProxy> StartAsync(ReplicationCluster cluster, ILoggerFactory loggers, CancellationToken cancel)
    {
        try
        {
            return await StartAsync(cluster, FreeOrAny(UsualPort), FreeOrAny(UsualAdminPort), loggers, cancel);
        }
        catch (IOException)
        {
            return await StartAsync(cluster, 0, 0, loggers, cancel);
        }
        catch (SocketException)
        {
            // Somebody, such as another demo, took a port between the look and the use.
            return await StartAsync(cluster, 0, 0, loggers, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _admin.StopAsync(CancellationToken.None);
        await Server.DisposeAsync();
    }

    private static async Task<DemoProxy> StartAsync(
        ReplicationCluster cluster, int port, int adminPort, ILoggerFactory loggers, CancellationToken cancel)
    {
        var config = new ConfigStore(ProxyConfig.From(Options(cluster, port, adminPort)));
        var server = new ProxyServer(config, loggers);
        var proxy = new DemoProxy(server, new AdminService(config, server, balancer: null, loggers));
        try
        {
            await server.StartAsync(cancel);
            await proxy._admin.StartAsync(cancel);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    private static ProxyOptions Options(ReplicationCluster cluster, int port, int adminPort) => new()
    {
        Listen = [$"127.0.0.1:{port}"],
        Servers = [.. cluster.Servers.Select(s => new ServerOptions { Name = NameOf(s), Address = $"127.0.0.1:{s.Port}" })],
        Monitor = { User = cluster.Monitor.User, Password = cluster.Monitor.Password },
        Admin = { Listen = $"127.0.0.1:{adminPort}" },
        Limits = { DrainTimeout = _drain },
    };

    private static int FreeOrAny(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return port;
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
