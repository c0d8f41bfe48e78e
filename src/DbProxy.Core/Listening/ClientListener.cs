using System.Net;
using System.Net.Sockets;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Listening;

/// <summary>Accepts clients on one address and starts a session for each.</summary>
internal sealed class ClientListener : IAsyncDisposable
{
    private readonly SocketAcceptor _acceptor;
    private readonly ProxyContext _context;

    private ClientListener(ListenSocket listening, ProxyContext context)
    {
        _acceptor = new(listening, (pause, why) => Log.AcceptPaused(context.Logger, pause, why));
        _context = context;
    }

    /// <summary>The address that it listens on, with the port that the system chose where 0 was asked for.</summary>
    public EndPoint EndPoint => _acceptor.EndPoint;

    /// <exception cref="SocketException">The address is in use or not one of this machine.</exception>
    /// <exception cref="IOException">Where the Unix domain socket should be made something else is.</exception>
    public static ClientListener Open(HostPort address, ProxyContext context, ListenSockets sockets)
    {
        var listener = new ClientListener(Listen(address, context, sockets), context);
        Log.Listening(context.Logger, address.UnixPath is null ? listener.EndPoint.ToString()! : address.ToString());
        return listener;
    }

    private static ListenSocket Listen(HostPort address, ProxyContext context, ListenSockets sockets)
    {
        if (address.UnixPath is { } path)
        {
            return sockets.Listen(new UnixDomainSocketEndPoint(path), context, () => UnixSocketFile.Bind(path, context.Config.Current.ListenSocketMode));
        }

        IPAddress ip = address.Host.Length == 0 ? IPAddress.IPv6Any
            : IPAddress.TryParse(address.Host, out IPAddress? parsed) ? parsed : Dns.GetHostAddresses(address.Host)[0];
        return sockets.Listen(new IPEndPoint(ip, address.Port), context);
    }

    /// <summary>Accepts until it is disposed.</summary>
    public void Start() => _acceptor.Start(Admit);

    private void Admit(Socket client)
    {
        if (_context.Sessions.Count >= _context.Config.Current.Limits.MaxSessions)
        {
            Interlocked.Increment(ref _context.Counters.SessionsRefused);
            Log.TooManySessions(_context.Logger, _context.Sessions.Count);
            Refuse(client);
            return;
        }

        Interlocked.Increment(ref _context.Counters.SessionsAccepted);
        _ = Task.Run(new Session(_context, client).RunAsync);
    }

    private static void Refuse(Socket client)
    {
        using var writer = new PacketWriter();
        new ErrPacket(MySqlErrors.TooManyConnections, "Too many connections").Write(writer, 0, 0);
        try
        {
            client.Send(writer.WrittenSpan);
        }
        catch (SocketException)
        {
        }

        client.Dispose();
    }

    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();
}
