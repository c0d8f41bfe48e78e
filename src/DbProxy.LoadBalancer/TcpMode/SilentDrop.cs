using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>
/// Closes a connection without telling the other side. TCP_REPAIR, which makes close() silent, needs CAP_NET_ADMIN;
/// without that the last packet is sent with a time to live of 1, so that it dies at the first router, as in HAProxy.
/// </summary>
internal static class SilentDrop
{
    // linux/tcp.h
    private const int TcpRepair = 19;

    public static void Apply(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux() && SetRepair(socket))
                return;
            if (socket.AddressFamily == AddressFamily.InterNetwork || socket.DualMode)
                socket.Ttl = 1;
        }
        catch (SocketException)
        {
            // Then the client hears of it: it is refused all the same.
        }
    }

    private static bool SetRepair(Socket socket)
    {
        var on = 1;
        return setsockopt(socket.Handle, (int)ProtocolType.Tcp, TcpRepair, ref on, sizeof(int)) == 0;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setsockopt(nint socket, int level, int option, ref int value, int size);
}
