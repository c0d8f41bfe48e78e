using System.Net.Sockets;
using DbProxy.Transport;

namespace DbProxy.Hosting;

/// <summary>
/// The few bytes between the process that takes over and the one that is taken over, on a Unix domain socket: the new one
/// asks and gets the listening sockets; when it accepts on all of them it says so, and the old one answers when it
/// accepts on none of them any more. Should either die in between, the other goes on as if nothing had been.
/// </summary>
internal sealed class Handover(Socket peer) : IDisposable
{
    private const byte Asks = 1;
    private const byte Accepts = 2;
    private const byte Done = 3;

    // A process that is stopped or hangs must not hold up the one that is to replace it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The new process's side: asks the one that listens at the file. Null: nobody does.</summary>
    public static Handover? Ask(string file, ListenSockets sockets)
    {
        var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            peer.Connect(new UnixDomainSocketEndPoint(file));
            peer.Send([Asks]);
            if (!peer.Poll(_patience, SelectMode.SelectRead)) throw new SocketException((int)SocketError.TimedOut);
            sockets.ReceiveFrom(peer);
            return new(peer);
        }
        catch (SocketException)
        {
            peer.Dispose();
            return null;
        }
    }

    /// <summary>The new process accepts on all sockets. False: the old one is gone.</summary>
    public bool Finish()
    {
        try
        {
            peer.Send([Accepts]);
            return peer.Poll(_patience, SelectMode.SelectRead) && peer.Receive(new byte[1]) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The old process's side. True: the other one accepts now, and waits for <see cref="Confirm"/>.</summary>
    public bool Serve(ListenSockets sockets)
    {
        try
        {
            if (!Receives(Asks))
                return false;
            sockets.SendTo(peer);
            return Receives(Accepts);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The old process accepts nowhere any more.</summary>
    public void Confirm()
    {
        try
        {
            peer.Send([Done]);
        }
        catch (SocketException)
        {
            // It has the sockets all the same.
        }
    }

    public void Dispose() => peer.Dispose();

    private bool Receives(byte expected)
    {
        var one = new byte[1];
        return peer.Receive(one) == 1 && one[0] == expected;
    }
}
