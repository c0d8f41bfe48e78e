using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>
/// Kestrel's only listener: it gets connections that were accepted elsewhere. So a frontend's addresses change while Kestrel
/// runs, one Kestrel takes over from another, and what is beyond the frontend's limit waits in the kernel's queue instead of
/// being closed, as Kestrel's own limit would have it.
/// </summary>
internal sealed class SocketFeed(SocketConnectionContextFactory connections) : IConnectionListenerFactory, IConnectionListener
{
    // Kestrel goes on where the connection was accepted: all that it does there is to queue the connection's own work.
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>(new() { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>No address of the network; Kestrel asks for one.</summary>
    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Hands a connection over; false: Kestrel takes no more.</summary>
    public bool TryAdd(Socket accepted) => _accepted.Writer.TryWrite(accepted);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var socket) ? connections.Create(socket) : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        while (_accepted.Reader.TryRead(out var unserved))
            unserved.Dispose();
        connections.Dispose();
        return default;
    }
}
