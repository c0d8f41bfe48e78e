using System.Net;
using System.Net.Sockets;

namespace DbProxy.Transport;

/// <summary>A listening socket as one of those who accept from it holds it; the last one to let go closes it.</summary>
public sealed class ListenSocket : IDisposable
{
    private readonly ListenSockets _owner;
    private int _disposed;

    internal ListenSocket(ListenSockets owner, Socket socket) => (_owner, Socket) = (owner, socket);

    /// <summary>The address with the port that the system chose where 0 was asked for.</summary>
    public EndPoint EndPoint => Socket.LocalEndPoint!;

    /// <summary>Whether nobody else accepts from it.</summary>
    public bool IsLast => _owner.IsLast(this);

    internal Socket Socket { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _owner.Release(this);
    }
}
