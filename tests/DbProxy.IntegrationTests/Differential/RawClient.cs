using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>A client that hides nothing: packets in, packets out, over one plain connection. Checks every sequence id.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ClusterAccount _account;
    private byte _sequence;

    private RawClient(ClusterAccount account) => _account = account;

    /// <summary>What both sides can do.</summary>
    public Capabilities Negotiated { get; private set; }

    /// <summary>The id that the peer's greeting gave.</summary>
    public uint ConnectionId { get; private set; }

    /// <summary>The peer's ids of prepared statements, by the names that a test gave them.</summary>
    public Dictionary<string, uint> Statements { get; } = [];

    public static async Task<RawClient> LoginAsync(int port, ClusterAccount account, string schema, Capabilities wished, byte collation = ServerLoginOptions.DefaultCollationId)
    {
        var client = new RawClient(account);
        try
        {
            await client._socket.ConnectAsync(IPAddress.Loopback, port);
            await client.LoginAsync(schema, wished, collation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends one command packet.</summary>
    public Task CommandAsync(CommandKind kind, ReadOnlyMemory<byte> rest)
    {
        _sequence = 0;
        return SendAsync(w => { w.WriteByte((byte)kind); w.WriteBytes(rest.Span); });
    }

    /// <summary>Sends a packet that goes on with the exchange under way.</summary>
    public async Task SendAsync(Action<PacketWriter> payload)
    {
        using var writer = new PacketWriter();
        writer.Begin(_sequence);
        payload(writer);
        _sequence = writer.End();
        await _socket.SendAsync(writer.WrittenMemory);
    }

    /// <summary>Receives one payload, put together where it came in several packets.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        byte[] header = new byte[PacketHeader.Size];
        byte[] whole = [];
        int length;
        do
        {
            await FillAsync(header);
            length = PacketHeader.ReadLength(header);
            if (header[3] != _sequence++)
            {
                throw new InvalidDataException($"Sequence id {header[3]} instead of {(byte)(_sequence - 1)}.");
            }

            byte[] part = new byte[length];
            await FillAsync(part);
            whole = whole.Length == 0 ? part : [.. whole, .. part];
        }
        while (length == PacketHeader.MaxPayload);
        return whole;
    }

    /// <summary>COM_CHANGE_USER to the same account; returns the packet that ends it.</summary>
    public async Task<byte[]> ChangeUserAsync(string schema, ushort collation = 45)
    {
        var command = new ChangeUser
        {
            User = Encoding.UTF8.GetBytes(_account.User), Schema = Encoding.UTF8.GetBytes(schema), CollationId = collation,
            AuthPlugin = AuthPlugins.NativePassword,
        };
        _sequence = 0;
        using (var writer = new PacketWriter())
        {
            command.Write(writer, Negotiated);
            _sequence = 1;
            await _socket.SendAsync(writer.WrittenMemory);
        }

        byte[] password = Encoding.UTF8.GetBytes(_account.Password);
        byte[] nonce = [];
        while (true)
        {
            byte[] packet = await ReceiveAsync();
            switch (packet)
            {
                case [AuthSwitchRequest.Header, _, ..]:
                    AuthSwitchRequest request = AuthSwitchRequest.Parse(packet);
                    nonce = request.Nonce.ToArray();
                    byte[] scramble = request.Plugin == AuthPlugins.NativePassword
                        ? NativePassword.Scramble(password, nonce)
                        : CachingSha2.Scramble(password, nonce);
                    await SendAsync(w => w.WriteBytes(scramble));
                    break;
                case [AuthMoreData.Header, 4]:
                    await SendAsync(w => w.WriteByte(2));
                    break;
                case [AuthMoreData.Header, 3]:
                    break;
                case [AuthMoreData.Header, .. var key]:
                    byte[] encrypted = RsaPassword.TryEncrypt(password, nonce, key, out byte[]? bytes) ? bytes : [];
                    await SendAsync(w => w.WriteBytes(encrypted));
                    break;
                default:
                    return packet;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task LoginAsync(string schema, Capabilities wished, byte collation)
    {
        var login = new ServerLogin(new()
        {
            User = Encoding.UTF8.GetBytes(_account.User), Password = Encoding.UTF8.GetBytes(_account.Password),
            Schema = Encoding.UTF8.GetBytes(schema), Capabilities = wished, CollationId = collation,
            Tls = TlsMode.Disabled,
        });
        LoginStep step;
        do
        {
            using var reply = new PacketWriter();
            byte sequence = _sequence;
            step = login.Receive(await ReceiveAsync(), sequence, reply);
            if (reply.WrittenCount > 0)
            {
                _sequence = (byte)(reply.WrittenSpan[3] + 1);
                await _socket.SendAsync(reply.WrittenMemory);
            }
        }
        while (step == LoginStep.NeedMore);
        ConnectionId = login.Greeting?.ConnectionId ?? 0;
        Negotiated = step == LoginStep.Completed ? login.Negotiated : throw new InvalidOperationException(login.Error?.ToString());
    }

    private async Task FillAsync(byte[] buffer)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (int filled = 0; filled < buffer.Length;)
        {
            int count = await _socket.ReceiveAsync(buffer.AsMemory(filled), limit.Token);
            filled += count > 0 ? count : throw new EndOfStreamException("The peer closed the connection.");
        }
    }
}
