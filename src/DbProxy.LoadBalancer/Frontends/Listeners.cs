using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>The listeners of a frontend; their addresses may change while it runs.</summary>
internal sealed class Listeners(string frontend, ListenSockets sockets, object owner, ConnectionRoom room, ILogger logger, Action<Socket> admit)
    : IAsyncDisposable
{
    private ImmutableArray<Listener> _open = [];

    public IEnumerable<IPEndPoint> EndPoints => _open.Select(l => (IPEndPoint)l.Acceptor.EndPoint);

    /// <summary>Listens where nobody of this frontend does yet; clients are accepted there, and no more where it should not listen
    /// any longer, when the change is made.</summary>
    /// <exception cref="BalancerException">An address can't be listened on.</exception>
    public IPreparedChange Prepare(ImmutableArray<IPEndPoint> addresses)
    {
        var left = _open.ToList();
        var (next, added) = (new List<Listener>(), new List<Listener>());
        foreach (var address in addresses)
            if (left.Find(l => l.Address.Equals(address)) is { } same)
            {
                left.Remove(same);
                next.Add(same);
            }
            else if (TryOpen(address, out var why) is { } opened)
            {
                next.Add(opened);
                added.Add(opened);
            }
            else
            {
                _ = CloseAsync(added);
                throw new BalancerException($"frontend {frontend} can't listen on {address}: {why}");
            }
        return new PreparedChange(
            () =>
            {
                _open = [.. next];
                foreach (var listener in added)
                    Start(listener);
                _ = CloseAsync(left);
            },
            () => CloseAsync(added));
    }

    /// <summary>Accepts nobody any more.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(_open);

    private Listener? TryOpen(IPEndPoint address, out string why)
    {
        try
        {
            why = "";
            return new(address, new(sockets.Listen(address, owner), (pause, reason) => FrontendLog.AcceptPaused(logger, frontend, pause, reason)));
        }
        catch (SocketException e)
        {
            why = e.Message;
            return null;
        }
    }

    private void Start(Listener listener)
    {
        listener.Acceptor.Start(admit, room);
        FrontendLog.Listening(logger, frontend, listener.Acceptor.EndPoint.ToString()!);
    }

    private static async Task CloseAsync(IEnumerable<Listener> listeners)
    {
        foreach (var listener in listeners)
            await listener.Acceptor.DisposeAsync();
    }

    private sealed record Listener(IPEndPoint Address, SocketAcceptor Acceptor);
}
