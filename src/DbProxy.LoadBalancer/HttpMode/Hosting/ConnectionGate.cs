using System.Net;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.TcpMode;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

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
/// <param name="logger">Where connections are logged that no request ever comes of.</param>
internal sealed class ConnectionGate(Func<(FrontendConfig Config, SourceRate? Rate)> rules, FrontendCounters counters, HttpConnections connections, ConnectionRoom room,
    TimeProvider time, ILogger logger)
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
        var result = await ProxyHeaderGate.PassAsync(connection, config.HandshakeTimeout, time);
        if (result == ProxyHeaderResult.Complete)
            return true;
        if (result == ProxyHeaderResult.Malformed)
            NoteBadStart(config, connection, "no PROXY header, or a wrong one");
        connection.Abort();
        return false;
    }

    private void NoteBadStart(FrontendConfig config, ConnectionContext connection, string reason)
    {
        Interlocked.Increment(ref counters.ProtocolErrors);
        if (config.Http is { Log: true })
            HttpLog.BadStart(logger, (connection.RemoteEndPoint as IPEndPoint).Plain(), config.Name, reason);
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
        if (config.Tls is not null && connection.Features.Get<Handshake>() is { IsDone: false, HasBegun: true })
            NoteBadStart(config, connection, "the TLS handshake did not succeed");
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
