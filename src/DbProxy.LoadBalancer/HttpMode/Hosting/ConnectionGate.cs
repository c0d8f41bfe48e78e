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

/// <summary>Stands before TLS and HTTP in every connection: counts it, keeps its source's rate, and makes room when it ends.</summary>
internal sealed class ConnectionGate(FrontendCounters counters, SourceRate? rate, BoundedListeners listeners)
{
    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref counters.Accepted);
        var active = Interlocked.Increment(ref counters.Active);
        if (active > counters.MaxActive)
            counters.MaxActive = active;
        try
        {
            if (rate is null || rate.TryTake((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None))
            {
                await next(connection);
            }
            else if (rate.Config.Action == AccessAction.SilentDrop)
            {
                Interlocked.Increment(ref counters.RateLimited);
                if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
                    SilentDrop.Apply(socket);
                connection.Abort();
            }
            else
            {
                connection.Features.Set(new ConnectionTooMany(rate.Config));
                await next(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref counters.Active);
            listeners.Leave();
        }
    }
}
