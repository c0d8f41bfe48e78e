using System.Net;
using System.Net.Sockets;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Listening;

/// <summary>Accepts clients on one address and starts a session for each.</summary>
internal sealed class ClientListener : IDisposable
{
    private const int Backlog = 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly ProxyContext _context;
    private volatile bool _stopped;

    private ClientListener(Socket socket, ProxyContext context)
    {
        _socket = socket;
        _context = context;
    }

    /// <summary>The address that it listens on, with the port that the system chose where 0 was asked for.</summary>
    public EndPoint EndPoint => _socket.LocalEndPoint!;

    /// <exception cref="SocketException">The address is in use or not one of this machine.</exception>
    /// <exception cref="IOException">Where the Unix domain socket should be made something else is.</exception>
    public static ClientListener Open(HostPort address, ProxyContext context)
    {
        Socket socket = Bind(address, context.Config.Current.ListenSocketMode);
        try
        {
            socket.Listen(Backlog);
            var listener = new ClientListener(socket, context);
            Log.Listening(context.Logger, address.UnixPath is null ? listener.EndPoint.ToString()! : address.ToString());
            return listener;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Bind(HostPort address, UnixFileMode mode)
    {
        if (address.UnixPath is { } path)
        {
            UnixSocketFile.RemoveStale(path);
            var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            local.Bind(new UnixDomainSocketEndPoint(path));

            // Before it is listened on: nobody gets in by the mode that the process would give it.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, mode);
            }

            return local;
        }

        IPAddress ip = address.Host.Length == 0 ? IPAddress.IPv6Any
            : IPAddress.TryParse(address.Host, out IPAddress? parsed) ? parsed : Dns.GetHostAddresses(address.Host)[0];
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (ip.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = ip.Equals(IPAddress.IPv6Any);
        }

        socket.Bind(new IPEndPoint(ip, address.Port));
        return socket;
    }

    /// <summary>Accepts until <see cref="Dispose"/>.</summary>
    public async Task RunAsync()
    {
        while (!_stopped)
        {
            try
            {
                Socket client = await _socket.AcceptAsync();
                Admit(client);
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
                Log.AcceptPaused(_context.Logger, Pause, e.Message);
                await Task.Delay(Pause);
            }
        }
    }

    private static bool IsClientsFault(SocketError error) =>
        error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.TimedOut;

    private void Admit(Socket client)
    {
        if (client.AddressFamily != AddressFamily.Unix)
        {
            client.NoDelay = true;
        }

        if (_context.Sessions.Count >= _context.Config.Current.Limits.MaxSessions)
        {
            Interlocked.Increment(ref _context.Counters.SessionsRefused);
            Log.TooManySessions(_context.Logger, _context.Sessions.Count);
            Refuse(client);
            return;
        }

        Interlocked.Increment(ref _context.Counters.SessionsAccepted);
        var session = new Session(_context, client);

        // A session carries no caller's context with it: nothing of the listener's lives as long as its clients.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(session.RunAsync);
        }
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

    public void Dispose()
    {
        _stopped = true;
        _socket.Dispose();
    }
}
