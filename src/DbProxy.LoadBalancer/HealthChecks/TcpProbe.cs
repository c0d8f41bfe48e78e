using System.Net.Sockets;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>Good when a connection can be opened.</summary>
internal sealed class TcpProbe(HealthCheckConfig config) : IHealthProbe
{
    public async Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout)
    {
        using var socket = await OpenAsync(config, server, timeout);
        return new(true, "connected");
    }

    internal static async Task<Socket> OpenAsync(HealthCheckConfig config, ServerConfig server, CancellationToken timeout)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new(true, 0) };
        try
        {
            await socket.ConnectAsync(server.Host, config.Port == 0 ? server.Port : config.Port, timeout);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
