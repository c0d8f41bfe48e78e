using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DbProxy.Transport;

/// <summary>The kernel's filter in front of a socket.</summary>
internal static class PacketFilter
{
    // From <linux/socket.h>.
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    /// <summary>A program of one instruction, which lets nothing in. A listening socket hands it on to none that it had accepted.</summary>
    public static unsafe void DropAll(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return;
        // struct sock_filter { u16 code; u8 jt, jf; u32 k }: BPF_RET | BPF_K, 0 bytes of the packet.
        var instruction = 0x0006UL;
        var program = new FilterProgram(1, (nint)(&instruction));
        socket.SetRawSocketOption(SocketLevel, AttachFilter, MemoryMarshal.AsBytes(new ReadOnlySpan<FilterProgram>(in program)));
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FilterProgram(ushort length, nint instructions)
    {
        private readonly ushort _length = length;
        private readonly nint _instructions = instructions;
    }
}
