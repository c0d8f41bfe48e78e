using System.Net;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.TcpMode;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>Marks a connection that its source may not have had any more; its requests are refused.</summary>
/// <param name="Limit">What it exceeded.</param>
internal sealed record ConnectionTooMany(RateLimitConfig Limit);

/// <summary>
/// Stands before TLS and HTTP in every connection: counts it, takes a PROXY header off, keeps its source's rate, and makes
/// room when it ends.
/// </summary>
/// <param name="rules">The frontend's configuration and the rate of its sources, as they are now.</param>
/// <param name="counters">What the frontend did.</param>
/// <param name="connections">Where the connection is listed.</param>
/// <param name="room">Where the connection has a place.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionGate(Func<(FrontendConfig Config, SourceRate? Rate)> rules, FrontendCounters counters, HttpConnections connections, ConnectionRoom room,
    TimeProvider time)
{
    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref counters.Accepted);
        var active = Interlocked.Increment(ref counters.Active);
        if (active > counters.MaxActive)
            counters.MaxActive = active;
        var listed = connections.Add(connection);
        try
        {
            var (config, rate) = rules();
            if (MayPass(config, connection) || await ReadHeaderAsync(config, connection))
                await AdmitAsync(config, rate, connection, next);
        }
        finally
        {
            connections.Remove(listed);
            Interlocked.Decrement(ref counters.Active);
            room.Leave();
        }
    }

    private static bool MayPass(FrontendConfig config, ConnectionContext connection) =>
        config.ProxyProtocolFrom.IsEmpty || !Match.IsIn(config.ProxyProtocolFrom, SourceOf(connection));

    private async ValueTask<bool> ReadHeaderAsync(FrontendConfig config, ConnectionContext connection)
    {
        if (await ProxyHeaderGate.PassAsync(connection, config.HandshakeTimeout, time))
            return true;
        Interlocked.Increment(ref counters.ProtocolErrors);
        connection.Abort();
        return false;
    }

    private async ValueTask AdmitAsync(FrontendConfig config, SourceRate? rate, ConnectionContext connection, ConnectionDelegate next)
    {
        if (rate is not null && !rate.TryTake(SourceOf(connection)))
        {
            if (rate.Config.Action == AccessAction.SilentDrop)
            {
                Drop(connection);
                return;
            }
            connection.Features.Set(new ConnectionTooMany(rate.Config));
        }
        await next(connection);
        if (config.Tls is not null && connection.Features.Get<Handshake>() is not { IsDone: true })
            Interlocked.Increment(ref counters.ProtocolErrors);
    }

    private void Drop(ConnectionContext connection)
    {
        Interlocked.Increment(ref counters.RateLimited);
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            SilentDrop.Apply(socket);
        connection.Abort();
    }

    private static IPAddress SourceOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
}
