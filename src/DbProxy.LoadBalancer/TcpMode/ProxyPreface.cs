using System.Net.Sockets;
using DbProxy.LoadBalancer.ProxyProtocol;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>The PROXY protocol's header at the front of a connection, before TLS.</summary>
internal static class ProxyPreface
{
    // A header comes in one piece but for very odd senders; these are asked again after a while.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes the header off; null: there was none. What stands behind it stays in the socket: it is looked at first.</summary>
    public static async Task<ProxyHeader?> TakeAsync(Socket socket, CancellationToken timeout)
    {
        var buffer = new byte[ProxyHeaderReader.MaxLength];
        while (true)
        {
            var seen = await socket.ReceiveAsync(buffer, SocketFlags.Peek, timeout);
            if (seen == 0)
                return null;
            switch (ProxyHeaderReader.TryRead(buffer.AsSpan(0, seen), out var header, out var length))
            {
                case ProxyHeaderResult.Complete:
                    for (var taken = 0; taken < length;)
                        taken += await socket.ReceiveAsync(buffer.AsMemory(0, length - taken), SocketFlags.None, timeout);
                    return header;
                case ProxyHeaderResult.Malformed:
                    return null;
            }
            await Task.Delay(Pause, timeout);
        }
    }
}
