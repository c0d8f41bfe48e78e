using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DbProxy.Transport;

/// <summary>Second descriptors of sockets.</summary>
internal static class DescriptorCopy
{
    private const int DuplicateCloseOnExec = 1030;

    /// <summary>One more; both are the same socket to the system.</summary>
    public static Socket Of(Socket socket)
    {
        var copy = Fcntl((int)socket.Handle, DuplicateCloseOnExec, 0);
        return copy < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : new(new SafeSocketHandle(copy, ownsHandle: true));
    }

    /// <summary>One that .NET does not know to be bound to a file: it would remove the file with the socket, though another process
    /// may listen there by then.</summary>
    public static Socket InsteadOf(Socket bound)
    {
        if (!OperatingSystem.IsLinux())
            return bound;
        var copy = Of(bound);
        GC.SuppressFinalize(bound);
        bound.SafeHandle.Dispose();
        return copy;
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Fcntl(int descriptor, int command, int least);
}
