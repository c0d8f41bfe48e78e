using System.Net;
using System.Net.Sockets;

namespace DbProxy.Transport;

/// <summary>Accepts connections on one address until it is disposed, whatever single clients or short resources do.</summary>
public sealed class SocketAcceptor : IDisposable
{
    private const int Backlog = 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Action<TimeSpan, string> _paused;
    private volatile bool _stopped;

    /// <summary>Listens. Clients may connect from then on.</summary>
    /// <param name="bound">A socket bound to a local address; it is the acceptor's from now on.</param>
    /// <param name="paused">Called when the system is out of descriptors or memory: for how long nobody is accepted, and why.</param>
    /// <exception cref="SocketException">The address is in use.</exception>
    public SocketAcceptor(Socket bound, Action<TimeSpan, string> paused)
    {
        ArgumentNullException.ThrowIfNull(bound);
        (_socket, _paused) = (bound, paused);
        try
        {
            bound.Listen(Backlog);
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    /// <summary>The address, with the port that the system chose where 0 was asked for.</summary>
    public EndPoint EndPoint => _socket.LocalEndPoint!;

    /// <summary>A socket bound to a local TCP address; IPv6's "any" takes IPv4 too.</summary>
    /// <exception cref="SocketException">The address is in use or not one of this machine.</exception>
    public static Socket Bind(IPEndPoint address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = address.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Accepts until <see cref="Dispose"/>.</summary>
    /// <param name="accepted">Gets each client, without Nagle's delay; must not block.</param>
    /// <param name="hasRoom">Completes when one more client may be accepted; null: always.</param>
    public async Task RunAsync(Action<Socket> accepted, Func<Task>? hasRoom = null)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        var roomTaken = hasRoom is null;
        while (!_stopped)
        {
            try
            {
                if (!roomTaken)
                    await hasRoom!();
                // A client that is gone before it is accepted leaves its place to the next one.
                roomTaken = true;
                var client = await _socket.AcceptAsync();
                roomTaken = hasRoom is null;
                if (client.AddressFamily != AddressFamily.Unix)
                    client.NoDelay = true;
                // A session carries no caller's context with it: nothing of the listener's lives as long as its clients.
                using (ExecutionContext.SuppressFlow())
                    accepted(client);
            }
            catch (Exception e) when (_stopped && e is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (IsClientsFault(e.SocketErrorCode))
            {
                // It was gone before it was accepted.
            }
            catch (SocketException e)
            {
                // Out of descriptors or memory: accepting again at once would spin.
                _paused(Pause, e.Message);
                await Task.Delay(Pause);
            }
        }
    }

    private static bool IsClientsFault(SocketError error) =>
        error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.TimedOut;

    /// <summary>Accepts nobody any more; the clients stay.</summary>
    public void Dispose()
    {
        _stopped = true;
        _socket.Dispose();
    }
}
