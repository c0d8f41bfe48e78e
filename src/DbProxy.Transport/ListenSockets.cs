using System.Net;
using System.Net.Sockets;
using System.Text;

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
    private readonly Dictionary<string, Socket> _inherited = [];
    private bool _isHandedOver;
    private bool _isTakingOver;

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
                _open.Add(open = _inherited.Remove(address.ToString()!, out var inherited)
                    ? new(address, owner, inherited) { IsAnothers = true }
                    : new(address, owner, Begin(bind())));
            open.Users++;
            return new(this, open.Socket);
        }
    }

    /// <summary>A copy of a listening socket for a receiver that closes it by itself; the socket stays with the process.</summary>
    /// <exception cref="SocketException">The address is in use or not one of this machine.</exception>
    public Socket Lend(IPEndPoint address) => DescriptorCopy.Of(Listen(address, this).Socket);

    /// <summary>Whether another process listens on these sockets now.</summary>
    public bool IsHandedOver => Volatile.Read(ref _isHandedOver);

    /// <summary>From now on another process has the sockets, and the files of those that have one.</summary>
    public void HandOver() => Volatile.Write(ref _isHandedOver, true);

    /// <summary>Sends the sockets to another process.</summary>
    /// <exception cref="SocketException">The peer is gone.</exception>
    public void SendTo(Socket peer)
    {
        lock (_lock)
        {
            var names = string.Join('\n', _open.Select(o => o.Name));
            FdMessage.Send(peer, Encoding.UTF8.GetBytes(names + "\n"), [.. _open.Select(o => (int)o.Socket.Handle)]);
        }
    }

    /// <summary>Receives another process's sockets; who listens on one of their addresses gets it.</summary>
    /// <exception cref="SocketException">The peer is gone.</exception>
    public int ReceiveFrom(Socket peer)
    {
        var buffer = new byte[64 << 10];
        var (length, descriptors) = FdMessage.Receive(peer, buffer);
        var names = Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Volatile.Write(ref _isTakingOver, true);
        lock (_lock)
            foreach (var (name, descriptor) in names.Zip(descriptors))
                _inherited[name] = new(new SafeSocketHandle(descriptor, ownsHandle: true));
        return descriptors.Length;
    }

    /// <summary>Whether there are sockets of a process that still serves: until this one does, nobody may be accepted.</summary>
    public bool IsTakingOver => Volatile.Read(ref _isTakingOver);

    /// <summary>The process that they were received from is out of it: closes those that nobody listens on.</summary>
    public void KeepReceived()
    {
        Volatile.Write(ref _isTakingOver, false);
        lock (_lock)
        {
            _open.ForEach(static o => o.IsAnothers = false);
            foreach (var socket in _inherited.Values)
                socket.Dispose();
            _inherited.Clear();
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
            if (open.Address is UnixDomainSocketEndPoint file && !open.IsAnothers && !IsHandedOver)
                File.Delete(file.ToString());
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
            return bound.AddressFamily == AddressFamily.Unix ? DescriptorCopy.InsteadOf(bound) : bound;
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

        public string Name => (address is IPEndPoint { Port: 0 } ? socket.LocalEndPoint : address)!.ToString()!;

        public int Users { get; set; }

        /// <summary>Whether another process still has it, and its file.</summary>
        public bool IsAnothers { get; set; }
    }
}
