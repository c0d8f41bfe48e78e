using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>
/// Kestrel's sockets, accepting only while there is room: what is beyond the frontend's limit waits in the kernel's queue
/// instead of being closed, as Kestrel's own limit would have it.
/// </summary>
internal sealed class BoundedListeners(IConnectionListenerFactory sockets, int most) : IConnectionListenerFactory, IDisposable
{
    private readonly SemaphoreSlim _room = new(most, most);
    private ImmutableArray<IPEndPoint> _endPoints = [];

    /// <summary>The bound addresses.</summary>
    public ImmutableArray<IPEndPoint> EndPoints => _endPoints;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await sockets.BindAsync(endpoint, cancellationToken);
        if (listener.EndPoint is IPEndPoint bound)
            ImmutableInterlocked.Update(ref _endPoints, static (all, one) => all.Add(one), bound);
        return new Listener(listener, _room);
    }

    /// <summary>An accepted connection has ended.</summary>
    public void Leave() => _room.Release();

    public void Dispose() => _room.Dispose();

    private sealed class Listener(IConnectionListener inner, SemaphoreSlim room) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await room.WaitAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            var connection = await inner.AcceptAsync(cancellationToken);
            if (connection is null)
                room.Release();
            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _unbound.Dispose();
        }
    }
}
