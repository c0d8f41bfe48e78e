using System.Net;
using System.Net.Sockets;

namespace DbProxy.Transport;

/// <summary>
/// The listening sockets of the process. Who listens where somebody of the same owner does gets the same socket, so that one
/// takes over from the other without a client noticing: the kernel's queue of connections belongs to the socket.
/// </summary>
public sealed class ListenSockets
{
    private const int Backlog = 1024;

    private readonly Lock _lock = new();
    private readonly List<Open> _open = [];

    /// <summary>Listens on a local TCP address; IPv6's "any" takes IPv4 too. Clients may connect from then on.</summary>
    /// <param name="address">The address; port 0 lets the system choose, and is never shared.</param>
    /// <param name="owner">Who listens; another owner's socket is not shared.</param>
    /// <exception cref="SocketException">The address is in use or not one of this machine.</exception>
    public ListenSocket Listen(IPEndPoint address, object owner)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Listen(address, owner, () => Bind(address));
    }

    /// <summary>Listens on any kind of address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="owner">Who listens; another owner's socket is not shared.</param>
    /// <param name="bind">Makes a socket bound to it.</param>
    /// <exception cref="SocketException">The address is in use or not one of this machine.</exception>
    public ListenSocket Listen(EndPoint address, object owner, Func<Socket> bind)
    {
        ArgumentNullException.ThrowIfNull(bind);
        lock (_lock)
        {
            var open = address is IPEndPoint { Port: 0 } ? null : _open.FirstOrDefault(o => o.Address.Equals(address) && o.Owner == owner);
            if (open is null)
                _open.Add(open = new(address, owner, Begin(bind())));
            open.Users++;
            return new(this, open.Socket);
        }
    }

    internal bool IsLast(ListenSocket socket)
    {
        lock (_lock)
            return _open.First(o => o.Socket == socket.Socket).Users == 1;
    }

    internal void Release(ListenSocket socket)
    {
        lock (_lock)
        {
            var open = _open.First(o => o.Socket == socket.Socket);
            if (--open.Users > 0)
                return;
            _open.Remove(open);
            open.Socket.Dispose();
        }
    }

    private static Socket Bind(IPEndPoint address)
    {
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

    private static Socket Begin(Socket bound)
    {
        try
        {
            bound.Listen(Backlog);
            return bound;
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    private sealed class Open(EndPoint address, object owner, Socket socket)
    {
        public EndPoint Address => address;

        public object Owner => owner;

        public Socket Socket => socket;

        public int Users { get; set; }
    }
}
