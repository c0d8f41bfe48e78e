using System.Net.Sockets;
using System.Text;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;

namespace DbProxy.Benchmarks.Idle;

/// <summary>A client that logged in without TLS and holds nothing but its socket.</summary>
internal sealed class IdleClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<IdleClient> ConnectAsync(string host, int port, string user, string password, CancellationToken cancel)
    {
        var client = new IdleClient();
        await client._socket.ConnectAsync(host, port, cancel);
        using var writer = new PacketWriter();
        await client.LogInAsync(user, password, writer, cancel);
        await client.QueryAsync("DO 1", writer, cancel);
        return client;
    }

    public void Dispose() => _socket.Dispose();

    private async Task LogInAsync(string user, string password, PacketWriter writer, CancellationToken cancel)
    {
        var login = new ServerLogin(new ServerLoginOptions
        {
            User = Encoding.UTF8.GetBytes(user),
            Password = Encoding.UTF8.GetBytes(password),
            Tls = TlsMode.Disabled,
        });
        LoginStep step;
        do
        {
            var (payload, sequence) = await ReadPacketAsync(cancel);
            step = login.Receive(payload, sequence, writer);
            await SendAsync(writer, cancel);
        }
        while (step == LoginStep.NeedMore);
        if (step != LoginStep.Completed)
        {
            throw new IOException($"The login failed: {login.Error?.Message}");
        }
    }

    private async Task QueryAsync(string sql, PacketWriter writer, CancellationToken cancel)
    {
        writer.Begin(0);
        writer.WriteByte((byte)CommandKind.Query);
        writer.WriteText(sql);
        writer.End();
        await SendAsync(writer, cancel);
        var (payload, _) = await ReadPacketAsync(cancel);
        if (payload is not [0, ..])
        {
            throw new IOException($"{sql} failed: {Encoding.UTF8.GetString(payload)}");
        }
    }

    private async Task SendAsync(PacketWriter writer, CancellationToken cancel)
    {
        await _socket.SendAsync(writer.WrittenMemory, cancel);
        writer.Clear();
    }

    private async Task<(byte[] Payload, byte Sequence)> ReadPacketAsync(CancellationToken cancel)
    {
        var header = await ReadAsync(PacketHeader.Size, cancel);
        return (await ReadAsync(PacketHeader.ReadLength(header), cancel), PacketHeader.ReadSequence(header));
    }

    private async Task<byte[]> ReadAsync(int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var part = await _socket.ReceiveAsync(bytes.AsMemory(read), cancel);
            read += part > 0 ? part : throw new IOException("The connection was closed.");
        }

        return bytes;
    }
}
