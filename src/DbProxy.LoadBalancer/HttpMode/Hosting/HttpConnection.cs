using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>A connection of a client in http mode, with the request that runs on it.</summary>
internal sealed class HttpConnection(long id, ConnectionContext context, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    // In HTTP/2 the last one that began. A stale one is harmless: it is only looked at.
    private volatile Exchange? _request;
    private long _idleSince = time.GetTimestamp();

    public long Id => id;

    public void Began(Exchange request) => _request = request;

    public void Ended(Exchange request)
    {
        if (_request != request)
            return;
        _idleSince = time.GetTimestamp();
        _request = null;
    }

    public FrontendSession Describe()
    {
        var request = _request;
        return new(
            id, context.RemoteEndPoint, request?.Backend?.Name, request?.Server?.Name,
            request is null ? "idle" : request.Server is null ? "waiting" : "working", time.GetElapsedTime(_started),
            request?.SilentFor ?? time.GetElapsedTime(Volatile.Read(ref _idleSince)));
    }

    /// <summary>Tells the client to come on another connection next time: Connection: close, or GOAWAY.</summary>
    public void EndAfterRequest() => context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    public void Close() => context.Abort(new("closed by an operator"));
}
