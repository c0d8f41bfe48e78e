using System.Net;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>Makes a frontend's listeners.</summary>
internal static class FrontendListeners
{
    public static ListenerSet<IPEndPoint> Create(
        string frontend, ListenSockets sockets, object owner, ConnectionRoom room, ILogger logger, Action<Socket> admit) => new(
        address => new(Open(frontend, sockets, owner, address), (pause, reason) => FrontendLog.AcceptPaused(logger, frontend, pause, reason)),
        (_, acceptor) =>
        {
            acceptor.Start(admit, room);
            FrontendLog.Listening(logger, frontend, acceptor.EndPoint.ToString()!);
        });

    /// <exception cref="BalancerException">The address can't be listened on.</exception>
    private static ListenSocket Open(string frontend, ListenSockets sockets, object owner, IPEndPoint address)
    {
        try
        {
            return sockets.Listen(address, owner);
        }
        catch (SocketException e)
        {
            throw new BalancerException($"frontend {frontend} can't listen on {address}: {e.Message}", e);
        }
    }
}
