using System.Net;
using System.Net.Sockets;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Sessions;
using DbProxy.LoadBalancer.Reloading;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Listening;

/// <summary>Accepts clients on the configured addresses and starts a session for each.</summary>
internal sealed class ClientListeners(ProxyContext context, ListenSockets sockets)
{
    /// <summary>The listeners, none yet. Opening one throws a <see cref="ConfigException"/> where that can't be.</summary>
    public ListenerSet<ListenAddress> Create() => new(Open, Start);

    private SocketAcceptor Open(ListenAddress address)
    {
        try
        {
            return new(Listen(address.Address), (pause, why) => Log.AcceptPaused(context.Logger, pause, why));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new ConfigException([new("", nameof(ProxyOptions.Listen), $"can't listen on {address}: {e.Message}")]);
        }
    }

    private ListenSocket Listen(HostPort address)
    {
        if (address.UnixPath is { } path)
        {
            return sockets.Listen(new UnixDomainSocketEndPoint(path), context, () => UnixSocketFile.Bind(path, context.Config.Current.ListenSocketMode));
        }

        IPAddress ip = address.Host.Length == 0 ? IPAddress.IPv6Any
            : IPAddress.TryParse(address.Host, out IPAddress? parsed) ? parsed : Dns.GetHostAddresses(address.Host)[0];
        return sockets.Listen(new IPEndPoint(ip, address.Port), context);
    }

    private void Start(ListenAddress address, SocketAcceptor acceptor)
    {
        acceptor.Start(client => Admit(client, address.Role));
        Log.Listening(context.Logger, address.Address.UnixPath is null && address.Role == ListenRole.Split ? acceptor.EndPoint.ToString()! : address.ToString());
    }

    private void Admit(Socket client, ListenRole role)
    {
        if (context.Sessions.Count >= context.Config.Current.Limits.MaxSessions)
        {
            Interlocked.Increment(ref context.Counters.SessionsRefused);
            Log.TooManySessions(context.Logger, context.Sessions.Count);
            Refuse(client);
            return;
        }

        Interlocked.Increment(ref context.Counters.SessionsAccepted);
        _ = Task.Run(new Session(context, client, role).RunAsync);
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
}
