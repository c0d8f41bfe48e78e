using System.Collections.Immutable;
using System.Net;

namespace DbProxy.LoadBalancer.Reloading;

/// <summary>The listeners of one receiver; their addresses may change while it runs.</summary>
/// <param name="open">Opens a listener; what it throws is for who prepares the change.</param>
/// <param name="start">Lets it accept.</param>
/// <typeparam name="TAddress">An address as configured.</typeparam>
public sealed class ListenerSet<TAddress>(Func<TAddress, SocketAcceptor> open, Action<TAddress, SocketAcceptor> start) : IAsyncDisposable
    where TAddress : notnull
{
    private ImmutableArray<(TAddress Address, SocketAcceptor Acceptor)> _open = [];

    /// <summary>The addresses, with the ports that the system chose.</summary>
    public IEnumerable<EndPoint> EndPoints => _open.Select(static l => l.Acceptor.EndPoint);

    /// <summary>Opens what is not open yet. When the change is made, clients are accepted there, and no more where it should not
    /// listen any longer.</summary>
    public IPreparedChange Prepare(IEnumerable<TAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var (left, next, added) = (_open.ToList(), new List<(TAddress, SocketAcceptor)>(), new List<(TAddress, SocketAcceptor)>());
        foreach (var address in addresses)
        {
            var same = left.FindIndex(l => l.Address.Equals(address));
            if (same < 0)
                added.Add((address, OpenOrClose(address, added)));
            next.Add(same < 0 ? added[^1] : left[same]);
            if (same >= 0)
                left.RemoveAt(same);
        }
        return new PreparedChange(
            () =>
            {
                _open = [.. next];
                added.ForEach(l => start(l.Item1, l.Item2));
                _ = CloseAsync(left);
            },
            () => CloseAsync(added));
    }

    /// <summary>Accepts nobody any more.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(_open);

    private SocketAcceptor OpenOrClose(TAddress address, List<(TAddress, SocketAcceptor)> others)
    {
        try
        {
            return open(address);
        }
        catch
        {
            _ = CloseAsync(others);
            throw;
        }
    }

    private static async Task CloseAsync(IEnumerable<(TAddress, SocketAcceptor Acceptor)> listeners)
    {
        foreach (var (_, acceptor) in listeners)
            await acceptor.DisposeAsync();
    }
}
