using System.Net;
using DbProxy.Core.Logging;
using DbProxy.Core.Sessions;
using DbProxy.LoadBalancer.ProxyProtocol;

namespace DbProxy.Core.Listening;

/// <summary>
/// The header of the PROXY protocol in front of a connection from a trusted proxy. The server speaks first in MySQL's
/// protocol, so whether a header comes cannot be found out by waiting: from trusted networks it must come.
/// </summary>
internal static class TrustedPreface
{
    /// <summary>Takes the header off, if the peer has to send one; false: the connection must end.</summary>
    public static ValueTask<bool> TakeAsync(Session session, ProxyContext context)
    {
        IPAddress? address = session.Peer.EndPoint?.Address;
        foreach (IPNetwork network in context.Config.Current.TrustedProxies)
        {
            if (address is not null && network.Contains(address))
            {
                return ReadAsync(session, context);
            }
        }

        return new(true);
    }

    private static async ValueTask<bool> ReadAsync(Session session, ProxyContext context)
    {
        var (header, problem) = await ProxyPreface.TakeAsync(session.Socket.Socket);
        return header is not { } taken ? Refuse(session, context, problem)
            : session.Socket is { HasInput: true, PeerHasClosed: false } ? Refuse(session, context, "bytes follow it before the greeting, which no MySQL client sends")
            : Accept(session, context, taken);
    }

    private static bool Accept(Session session, ProxyContext context, ProxyHeader header)
    {
        Interlocked.Increment(ref context.Counters.ProxyHeadersAccepted);
        session.Peer = session.Peer.Named(header.Source);
        return true;
    }

    /// <summary>A check that only connects and leaves is not worth a line.</summary>
    private static bool Refuse(Session session, ProxyContext context, string? reason)
    {
        if (reason is not null)
        {
            Log.ProxyHeaderRefused(context.Logger, session.Peer.ToString(), reason);
        }

        Interlocked.Increment(ref context.Counters.ProxyHeadersRefused);
        Interlocked.Increment(ref context.Counters.LoginsFailed);
        return false;
    }
}
