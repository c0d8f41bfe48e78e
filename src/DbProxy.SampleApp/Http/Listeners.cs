using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DbProxy.SampleApp.Http;

/// <summary>
/// The sockets that Kestrel listens on, for their end: the system resets the connections that wait on a socket when it is
/// closed. One may hold an order by then, which those in front must not send once more.
/// </summary>
internal sealed class Listeners
{
    // asm-generic/socket.h
    private const int SolSocket = 1;
    private const int AttachFilter = 26;

    // linux/filter.h: drops what has the SYN flag (in byte 13 of a TCP header), and lets the rest of a handshake pass.
    private static readonly Instruction[] _dropAttempts =
        [new(0x30, 0, 0, 13), new(0x45, 0, 1, 2), new(0x06, 0, 0, 0), new(0x06, 0, 0, uint.MaxValue)];

    private readonly ConcurrentBag<Socket> _sockets = [];

    public Socket Bind(EndPoint endPoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        _sockets.Add(socket);
        return socket;
    }

    /// <summary>Leaves new attempts to connect without an answer, so that they are made elsewhere; what has connected is accepted.</summary>
    public unsafe void IgnoreAttempts()
    {
        if (!OperatingSystem.IsLinux())
            return;
        fixed (Instruction* first = _dropAttempts)
        {
            var program = new Program { Length = (ushort)_dropAttempts.Length, First = first };
            foreach (var socket in _sockets.Where(s => s.ProtocolType == ProtocolType.Tcp))
                socket.SetRawSocketOption(SolSocket, AttachFilter, new(&program, sizeof(Program)));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte WhenTrue, byte WhenFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Program
    {
        public ushort Length;
        public Instruction* First;
    }
}
