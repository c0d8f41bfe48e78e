using System.Collections.Concurrent;
using DbProxy.LoadBalancer.Frontends;
using Microsoft.AspNetCore.Connections;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>The connections of a frontend in http mode, for operators.</summary>
internal sealed class HttpConnections(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, HttpConnection> _connections = new();
    private long _lastId;

    public IEnumerable<FrontendSession> All => _connections.Values.Select(c => c.Describe());

    /// <summary>A connection has come; its requests find it among the features.</summary>
    public HttpConnection Add(ConnectionContext context)
    {
        var connection = new HttpConnection(Interlocked.Increment(ref _lastId), context, time);
        context.Features.Set(connection);
        return _connections[connection.Id] = connection;
    }

    public void Remove(HttpConnection connection) => _connections.TryRemove(connection.Id, out _);

    /// <summary>Cuts a connection; false: there is none of this id.</summary>
    public bool Close(long id)
    {
        if (!_connections.TryGetValue(id, out var connection))
            return false;
        connection.Close();
        return true;
    }
}
