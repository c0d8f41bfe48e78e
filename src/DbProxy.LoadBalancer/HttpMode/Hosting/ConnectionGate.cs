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

/// <summary>Marks a connection whose TLS handshake succeeded.</summary>
internal sealed class HandshakeDone
{
    public static readonly HandshakeDone Mark = new();
}

/// <summary>
/// Stands before TLS and HTTP in every connection: counts it, takes a PROXY header off, keeps its source's rate, and makes
/// room when it ends.
/// </summary>
internal sealed class ConnectionGate(FrontendConfig config, FrontendCounters counters, SourceRate? rate, BoundedListeners listeners, TimeProvider time)
{
    private readonly ProxyHeaderGate _headers = new(config.HandshakeTimeout, time);

    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref counters.Accepted);
        var active = Interlocked.Increment(ref counters.Active);
        if (active > counters.MaxActive)
            counters.MaxActive = active;
        try
        {
            if (MayPass(connection) || await ReadHeaderAsync(connection))
                await AdmitAsync(connection, next);
        }
        finally
        {
            Interlocked.Decrement(ref counters.Active);
            listeners.Leave();
        }
    }

    private bool MayPass(ConnectionContext connection) =>
        config.ProxyProtocolFrom.IsEmpty || !Match.IsIn(config.ProxyProtocolFrom, SourceOf(connection));

    private async ValueTask<bool> ReadHeaderAsync(ConnectionContext connection)
    {
        if (await _headers.PassAsync(connection))
            return true;
        Interlocked.Increment(ref counters.ProtocolErrors);
        connection.Abort();
        return false;
    }

    private async ValueTask AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
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
        if (config.Tls is not null && connection.Features.Get<HandshakeDone>() is null)
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
