using System.Net;
using Microsoft.AspNetCore.Connections;

namespace DbProxy.Admin;

/// <summary>Kestrel's listeners, which accept nobody before they are told to: whatever can fail of a start comes before that.</summary>
internal sealed class HeldListeners(IConnectionListenerFactory listeners) : IConnectionListenerFactory
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets them accept.</summary>
    public void Open() => _open.TrySetResult();

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Held(await listeners.BindAsync(endpoint, cancellationToken), _open.Task);

    private sealed class Held(IConnectionListener listener, Task open) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (!open.IsCompleted)
                await open.WaitAsync(_unbound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return open.IsCompleted ? await listener.AcceptAsync(cancellationToken) : null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await listener.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return listener.DisposeAsync();
        }
    }
}
