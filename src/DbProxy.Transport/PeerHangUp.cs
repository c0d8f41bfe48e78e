using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DbProxy.Transport;

/// <summary>Whether the peer has closed its side of a connection, be there something unread or not: .NET tells it behind the last byte only.</summary>
internal static class PeerHangUp
{
    // linux/poll.h
    private const short PollReadHangUp = 0x2000;

    /// <summary>False, too, where the system can't say.</summary>
    public static bool IsAt(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var held = false;
        var handle = socket.SafeHandle;
        try
        {
            handle.DangerousAddRef(ref held);
            var asked = new Descriptor { Number = (int)handle.DangerousGetHandle(), Events = PollReadHangUp };
            return Poll(ref asked, 1, 0) == 1 && (asked.Happened & PollReadHangUp) != 0;
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll(ref Descriptor asked, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int Number;
        public short Events;
        public short Happened;
    }
}
