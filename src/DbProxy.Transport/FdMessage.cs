using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DbProxy.Transport;

/// <summary>
/// Passes open descriptors to another process over a Unix domain socket (SCM_RIGHTS, unix(7)), which .NET has no call for.
/// Linux of 64 bits only.
/// </summary>
internal static unsafe class FdMessage
{
    // SCM_MAX_FD of Linux.
    public const int MaxDescriptors = 253;

    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x40000000;
    private const int TryAgain = 11;
    private const int Interrupted = 4;
    private const int ControlHeader = 16;

    /// <summary>Sends some bytes, at least one, and the descriptors with them.</summary>
    /// <exception cref="SocketException">The peer is gone.</exception>
    public static void Send(Socket socket, ReadOnlySpan<byte> data, ReadOnlySpan<int> descriptors)
    {
        var control = new byte[ControlHeader + (descriptors.Length * sizeof(int))];
        BitConverter.TryWriteBytes(control, (long)control.Length);
        BitConverter.TryWriteBytes(control.AsSpan(8), SolSocket);
        BitConverter.TryWriteBytes(control.AsSpan(12), ScmRights);
        MemoryMarshal.AsBytes(descriptors).CopyTo(control.AsSpan(ControlHeader));
        fixed (byte* bytes = data, rights = control)
        {
            var part = new Part { Base = bytes, Length = (nuint)data.Length };
            var message = new Message { Parts = &part, PartCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            nint sent;
            while ((sent = SendMsg((int)socket.Handle, &message, NoSignal)) < 0)
                WaitOrThrow(socket, SelectMode.SelectWrite);
            if (sent != data.Length)
                throw new SocketException((int)SocketError.MessageSize);
        }
    }

    /// <summary>Receives bytes and the descriptors that came with them, which are the caller's from now on.</summary>
    /// <exception cref="SocketException">The peer is gone.</exception>
    public static (int Length, int[] Descriptors) Receive(Socket socket, Span<byte> buffer)
    {
        var control = new byte[ControlHeader + (MaxDescriptors * sizeof(int))];
        fixed (byte* bytes = buffer, rights = control)
        {
            var part = new Part { Base = bytes, Length = (nuint)buffer.Length };
            var message = new Message { Parts = &part, PartCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            nint length;
            while ((length = ReceiveMsg((int)socket.Handle, &message, CloseOnExec)) < 0)
                WaitOrThrow(socket, SelectMode.SelectRead);
            return ((int)length, (int)message.ControlLength <= ControlHeader ? [] : DescriptorsIn(control));
        }
    }

    private static int[] DescriptorsIn(byte[] control) =>
        MemoryMarshal.Cast<byte, int>(control.AsSpan(ControlHeader, (int)BitConverter.ToInt64(control) - ControlHeader)).ToArray();

    private static void WaitOrThrow(Socket socket, SelectMode until)
    {
        var error = Marshal.GetLastPInvokeError();
        // Whether the runtime has made the socket non-blocking depends on how it was used before.
        if (error == TryAgain)
            socket.Poll(TimeSpan.FromSeconds(1), until);
        else if (error != Interrupted)
            throw new SocketException((int)SocketError.ConnectionReset);
    }

    [DllImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static extern nint SendMsg(int socket, Message* message, int flags);

    [DllImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static extern nint ReceiveMsg(int socket, Message* message, int flags);

    private struct Part
    {
        public byte* Base;
        public nuint Length;
    }

    private struct Message
    {
        public void* Name;
        public nuint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
