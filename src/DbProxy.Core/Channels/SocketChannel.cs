using System.Net;
using System.Net.Sockets;

namespace DbProxy.Core.Channels;

/// <summary>A plain TCP connection.</summary>
internal sealed class SocketChannel(Socket socket) : ByteChannel
{
    public Socket Socket => socket;

    public override bool IsSecure => false;

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

    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        ValueTask<int> receive;
        try
        {
            receive = socket.ReceiveAsync(buffer, SocketFlags.None);
        }
        catch (Exception e) when (IsGone(e))
        {
            return new(0);
        }

        return receive.IsCompletedSuccessfully ? receive : Slow(receive);

        [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
        static async ValueTask<int> Slow(ValueTask<int> receive)
        {
            try
            {
                return await receive;
            }
            catch (Exception e) when (IsGone(e))
            {
                return 0;
            }
        }
    }

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

    public override void Abort()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (IsGone(e))
        {
        }
    }

    public override void Dispose() => socket.Dispose();

    internal static bool IsGone(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException or IOException;
}
