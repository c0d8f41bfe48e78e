using System.Buffers;
using System.Net.Sockets;

namespace DbProxy.LoadBalancer.ProxyProtocol;

/// <summary>The header at the front of a connection, before TLS and whatever else is spoken.</summary>
public static class ProxyPreface
{
    // Ordinary headers have up to 107 bytes; the rest of a longer one is looked at next.
    private const int Block = 512;

    /// <summary>Takes the header off. What stands behind it stays in the socket: it is looked at before it is taken.</summary>
    /// <param name="socket">The connection; nothing of it was received yet.</param>
    /// <param name="stopping">Gives it up.</param>
    /// <returns>The header; or null with what came instead, which is null again where nothing came.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static async ValueTask<(ProxyHeader? Header, string? Problem)> TakeAsync(Socket socket, CancellationToken stopping = default)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var buffer = ArrayPool<byte>.Shared.Rent(ProxyHeaderReader.MaxLength + Block);
        try
        {
            for (var taken = 0; ;)
            {
                var seen = await socket.ReceiveAsync(buffer.AsMemory(taken, Block), SocketFlags.Peek, stopping);
                if (seen == 0)
                    return (null, taken == 0 ? null : "the connection ended within it");
                var result = ProxyHeaderReader.TryRead(buffer.AsSpan(0, taken + seen), out var header, out var length);
                if (result == ProxyHeaderResult.Malformed)
                    return (null, "what came instead is no header of version 1 or 2");
                // Where the end is missing all that was seen is part of it.
                var end = result == ProxyHeaderResult.Complete ? length : taken + seen;
                while (taken < end)
                    taken += await socket.ReceiveAsync(buffer.AsMemory(taken, end - taken), SocketFlags.None, stopping);
                if (result == ProxyHeaderResult.Complete)
                    return (header, null);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return (null, null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
