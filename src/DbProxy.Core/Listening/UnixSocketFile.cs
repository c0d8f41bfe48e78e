using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DbProxy.Core.Listening;

/// <summary>The file of a Unix domain socket that is to be listened on.</summary>
internal static class UnixSocketFile
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeMask = 1;
    private const int ModeOffset = 28;
    private const int Types = 0xF000;
    private const int SocketType = 0xC000;

    /// <summary>A socket bound to the file, which is made with this mode.</summary>
    /// <exception cref="IOException">Something else is there.</exception>
    /// <exception cref="SocketException">A process listens there, or the file can't be made.</exception>
    public static Socket Bind(string path, UnixFileMode mode)
    {
        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        // Before it is listened on: nobody gets in by the mode that the process would give it.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return socket;
    }

    /// <summary>
    /// Removes what a process that was killed left behind. Only a socket that nobody answers on: anything else was put
    /// there by somebody for some purpose.
    /// </summary>
    /// <exception cref="IOException">Something else is there.</exception>
    /// <exception cref="SocketException">A process listens there.</exception>
    public static void RemoveStale(string path)
    {
        if (TypeOf(path) is not { } type)
        {
            return;
        }

        if (type != SocketType)
        {
            throw new IOException($"{path} is there already and is not a socket; move it away or listen somewhere else");
        }

        using var probe = new Socket(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    /// <summary>The file's type as in st_mode; null: no such file, or not known on this system.</summary>
    private static int? TypeOf(string path)
    {
        // Linux's own struct, the same on every processor: .NET doesn't tell a socket from a file.
        byte[] status = new byte[256];
        return OperatingSystem.IsLinux() && StatX(CurrentDirectory, path, NoFollow, TypeMask, status) == 0
            ? BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeOffset)) & Types
            : null;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] status);
}
