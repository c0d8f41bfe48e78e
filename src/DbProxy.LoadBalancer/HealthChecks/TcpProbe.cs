using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>Good when a connection can be opened, with TLS where the backend has it.</summary>
internal sealed class TcpProbe(Backend backend, HealthCheckConfig config) : IHealthProbe
{
    public async Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout)
    {
        var dial = backend.Link.DialForCheck(server, config);
        using var socket = await dial.OpenSocketAsync(timeout);
        if (dial.Tls is not null)
        {
            await using var tls = await TlsChannel.ConnectStreamAsync(socket, dial.Tls, timeout);
            return new(true, $"connected, {tls.SslProtocol}");
        }
        // A reset, so that the server need not keep the connection's end in mind.
        socket.LingerState = new(true, 0);
        return new(true, "connected");
    }
}
