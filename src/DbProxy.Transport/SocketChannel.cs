using System.Net;
using System.Net.Sockets;

namespace DbProxy.Transport;

/// <summary>A plain connection: TCP, or a Unix domain socket.</summary>
public sealed class SocketChannel(Socket socket) : ByteChannel
{
    private readonly SocketReceiver _receiver = new(socket);

    /// <summary>The connection itself.</summary>
    public Socket Socket => socket;

    /// <inheritdoc/>
    public override bool WasBroken => _receiver.WasBroken;

    /// <inheritdoc/>
    public override bool IsSecure => false;

    /// <summary>Whether it is a Unix domain socket: nobody outside this machine can read along.</summary>
    public bool IsLocal { get; } = socket.AddressFamily == AddressFamily.Unix;

    /// <inheritdoc/>
    public override bool HasInput
    {
        get
        {
            try
            {
                return socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (IsGone(e))
            {
                return true;
            }
        }
    }

    /// <summary>Whether the peer has closed its side and everything that it sent is read.</summary>
    public bool PeerHasClosed
    {
        get
        {
            try
            {
                return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
            }
            catch (Exception e) when (IsGone(e))
            {
                return true;
            }
        }
    }

    /// <summary>How much of what a peer sent that has closed its side is unread, and the first of it; null: the peer is there.</summary>
    public int? PeekAtGonePeer(Span<byte> unread)
    {
        try
        {
            return !PeerHangUp.IsAt(socket) ? PeerHasClosed ? 0 : null : socket.Available == 0 ? 0 : socket.Receive(unread, SocketFlags.Peek);
        }
        catch (Exception e) when (IsGone(e))
        {
            return 0;
        }
    }

    /// <summary>The peer's address, also after the connection ended.</summary>
    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    /// <inheritdoc/>
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _receiver.ReceiveAsync(buffer);

    /// <inheritdoc/>
    public override ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        ValueTask<int> send;
        try
        {
            send = socket.SendAsync(bytes, SocketFlags.None);
        }
        catch (Exception e) when (IsGone(e))
        {
            return new(false);
        }

        // The kernel takes small sends at once; a stream socket's SendAsync completes only when all bytes are taken.
        return send.IsCompletedSuccessfully && send.Result == bytes.Length ? new(true) : Slow(send);

        static async ValueTask<bool> Slow(ValueTask<int> send)
        {
            try
            {
                await send;
                return true;
            }
            catch (Exception e) when (IsGone(e))
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask CloseSendingAsync()
    {
        Shutdown(SocketShutdown.Send);
        return default;
    }

    /// <summary>Ends receiving now, from any thread, as if the peer had closed its side; what is sent still arrives.</summary>
    public void AbortReceiving()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception e) when (IsGone(e))
        {
        }
    }

    /// <inheritdoc/>
    public override void Abort() => Shutdown(SocketShutdown.Both);

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (IsGone(e))
        {
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        socket.Dispose();
        _receiver.Dispose();
    }

    /// <summary>Whether the exception only says that the peer is gone or the channel was closed here.</summary>
    public static bool IsGone(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException or IOException;
}
