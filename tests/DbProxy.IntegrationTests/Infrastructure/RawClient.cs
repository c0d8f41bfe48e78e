using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using Xunit;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>A client that speaks packets: for commands that no library sends, and for malformed ones.</summary>
public sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private Stream _stream;

    private RawClient(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    /// <summary>What the login agreed on.</summary>
    public Capabilities Negotiated { get; private set; }

    /// <summary>The error that ended the login; null: logged in.</summary>
    public ErrPacket? LoginError { get; private set; }

    /// <summary>The plugin that the login used last.</summary>
    public string AuthPlugin { get; private set; } = "";

    /// <summary>The greeting.</summary>
    public HandshakeV10? Greeting { get; private set; }

    /// <summary>Sequence number of the packet received last.</summary>
    public byte Sequence { get; private set; }

    public static async Task<RawClient> ConnectAsync(
        int port, ClusterAccount account, string schema = "", Capabilities capabilities = Capabilities.DeprecateEof, TlsMode tls = TlsMode.Disabled) =>
        await ConnectAsync(port, new ServerLoginOptions
        {
            User = Encoding.UTF8.GetBytes(account.User),
            Password = Encoding.UTF8.GetBytes(account.Password),
            Schema = Encoding.UTF8.GetBytes(schema),
            Capabilities = capabilities | Capabilities.MultiResults | Capabilities.PsMultiResults,
            Tls = tls,
        });

    /// <summary>Logs in with bytes and flags of the test's choice; see <see cref="LoginError"/>.</summary>
    /// <param name="port">Of the proxy or a server.</param>
    /// <param name="options">Who logs in, and how.</param>
    /// <param name="behind">Goes out in one write with the login packet: commands of a client that doesn't wait.</param>
    public static async Task<RawClient> ConnectAsync(int port, ServerLoginOptions options, byte[]? behind = null)
    {
        var client = await DialAsync(port);
        await client.LoginAsync(new ServerLogin(options), behind);
        return client;
    }

    /// <summary>Only the TCP connection: nothing is read or sent.</summary>
    public static async Task<RawClient> DialAsync(int port)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return new(tcp);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await _stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>One command as on the wire.</summary>
    public static byte[] Packet(CommandKind command, byte[]? arguments = null)
    {
        using var writer = new PacketWriter();
        writer.Begin(0);
        writer.WriteByte((byte)command);
        writer.WriteBytes(arguments);
        writer.End();
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Sends one command.</summary>
    public Task SendAsync(CommandKind command, byte[]? arguments = null) => SendBytesAsync(Packet(command, arguments));

    /// <summary>Sends one command with a text.</summary>
    public Task SendAsync(CommandKind command, string argument) => SendAsync(command, Encoding.UTF8.GetBytes(argument));

    /// <summary>The next packet's payload; null: the peer closed the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        List<byte> payload = [];
        var header = new byte[4];
        int length;
        do
        {
            try
            {
                if (await _stream.ReadAtLeastAsync(header, 4, throwOnEndOfStream: false, limit.Token) < 4)
                {
                    return null;
                }

                length = PacketHeader.ReadLength(header);
                Sequence = header[3];
                var part = new byte[length];
                await _stream.ReadExactlyAsync(part, limit.Token);
                payload.AddRange(part);
            }
            catch (IOException)
            {
                return null;
            }
        }
        while (length == PacketHeader.MaxPayload);
        return [.. payload];
    }

    /// <summary>Sends one command and returns the first packet of the answer.</summary>
    public async Task<byte[]> AskAsync(CommandKind command, byte[]? arguments = null)
    {
        await SendAsync(command, arguments);
        return await ReceiveAsync() ?? throw new IOException("The peer closed the connection.");
    }

    /// <summary>Sends one command with a text and returns the first packet of the answer.</summary>
    public Task<byte[]> AskAsync(CommandKind command, string argument) => AskAsync(command, Encoding.UTF8.GetBytes(argument));

    /// <summary>A query with one result, text protocol: its rows, values separated by '|'; an error throws.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        await SendAsync(CommandKind.Query, sql);
        return await RowsAsync();
    }

    /// <summary>The answer to a query that was sent before; as <see cref="RowsAsync(string)"/>.</summary>
    public async Task<List<string>> RowsAsync()
    {
        var first = await ReceiveAsync() ?? throw new IOException("The peer closed the connection.");
        if (ErrPacket.Is(first))
        {
            throw new InvalidOperationException(ErrPacket.Parse(first).ToString());
        }

        List<string> rows = [];
        if (first[0] == OkPacket.Header)
        {
            return rows;
        }

        for (var columns = first[0]; columns > 0; columns--)
        {
            await ReceiveAsync();
        }

        await foreach (var row in RestOfRowsAsync(columnsEnded: false))
        {
            rows.Add(TextRow(row));
        }

        return rows;
    }

    /// <summary>Packets up to the end of a result, without it; before it, an EOF behind the columns where the login kept EOFs.</summary>
    public async IAsyncEnumerable<byte[]> RestOfRowsAsync(bool columnsEnded)
    {
        if (!columnsEnded && !Negotiated.HasFlag(Capabilities.DeprecateEof))
        {
            Assert.True(EofPacket.Is((await ReceiveAsync())!));
        }

        while (true)
        {
            var packet = await ReceiveAsync() ?? throw new IOException("The peer closed the connection.");
            if (ErrPacket.Is(packet))
            {
                throw new InvalidOperationException(ErrPacket.Parse(packet).ToString());
            }

            if (packet[0] == OkPacket.EndOfRowsHeader && packet.Length < PacketHeader.MaxPayload && (packet.Length < 9 || Negotiated.HasFlag(Capabilities.DeprecateEof)))
            {
                LastStatus = Negotiated.HasFlag(Capabilities.DeprecateEof) ? OkPacket.Parse(packet, Negotiated).Status : EofPacket.Parse(packet).Status;
                yield break;
            }

            yield return packet;
        }
    }

    /// <summary>Status flags at the end of the result read last.</summary>
    public ServerStatus LastStatus { get; private set; }

    /// <summary>COM_STMT_PREPARE with its definitions.</summary>
    public async Task<StmtPrepareOk> PrepareAsync(string sql)
    {
        await SendAsync(CommandKind.StmtPrepare, sql);
        return await PreparedAsync();
    }

    /// <summary>The answer to a COM_STMT_PREPARE that was sent before.</summary>
    public async Task<StmtPrepareOk> PreparedAsync()
    {
        var first = await ReceiveAsync() ?? throw new IOException("The peer closed the connection.");
        if (ErrPacket.Is(first))
        {
            throw new InvalidOperationException(ErrPacket.Parse(first).ToString());
        }

        var prepared = StmtPrepareOk.Parse(first, Negotiated);
        foreach (var definitions in new[] { prepared.Parameters, prepared.Columns })
        {
            for (var i = 0; i < definitions; i++)
            {
                await ReceiveAsync();
            }

            if (definitions > 0 && !Negotiated.HasFlag(Capabilities.DeprecateEof))
            {
                await ReceiveAsync();
            }
        }

        return prepared;
    }

    public ValueTask DisposeAsync()
    {
        _stream.Dispose();
        _tcp.Dispose();
        return default;
    }

    private static string TextRow(byte[] row)
    {
        List<string> values = [];
        var reader = new PacketReader(row);
        while (reader.Remaining > 0)
        {
            values.Add(reader.TryReadLengthEncodedBytes(out var value) ? Encoding.UTF8.GetString(value) : "NULL");
        }

        return string.Join('|', values);
    }

    /// <summary>TLS from here on.</summary>
    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream, false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        _stream = tls;
    }

    private async Task LoginAsync(ServerLogin login, byte[]? behind)
    {
        using var reply = new PacketWriter();
        while (true)
        {
            var packet = await ReceiveAsync() ?? throw new IOException("The peer closed the connection during the login.");
            var step = login.Receive(packet, Sequence, reply);
            if (step == LoginStep.UpgradeToTls)
            {
                await SendBytesAsync(reply.WrittenMemory);
                reply.Clear();
                await StartTlsAsync();
                step = login.TlsEstablished(reply);
            }

            reply.WriteBytes(behind);
            behind = null;
            await SendBytesAsync(reply.WrittenMemory);
            reply.Clear();
            if (step != LoginStep.NeedMore)
            {
                (Negotiated, LoginError, AuthPlugin, Greeting) = (login.Negotiated, login.Error, login.AuthPlugin, login.Greeting);
                return;
            }
        }
    }
}
