using System.Text;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>Decodes the answer to a command into lines of text, packet by packet, by the rules of the protocol alone.</summary>
internal sealed class AnswerReader(RawClient client)
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    private bool OptionalMetadata => client.Negotiated.HasFlag(Capabilities.OptionalResultsetMetadata);

    private bool DeprecateEof => client.Negotiated.HasFlag(Capabilities.DeprecateEof);

    /// <summary>Any number of results: COM_QUERY and COM_STMT_EXECUTE.</summary>
    public async Task ResultsAsync(string? file = null)
    {
        ServerStatus status;
        do
        {
            byte[] packet = await client.ReceiveAsync();
            switch (packet[0])
            {
                case OkPacket.Header:
                    status = Ok(packet);
                    break;
                case ErrPacket.Header:
                    Error(packet);
                    return;
                case 0xFB:
                    _lines.Add($"FILE {Encoding.UTF8.GetString(packet, 1, packet.Length - 1)}");
                    await client.SendAsync(w => w.WriteText(file ?? ""));
                    await client.SendAsync(_ => { });
                    status = ServerStatus.MoreResultsExist;
                    break;
                default:
                    status = await ColumnsAsync(packet);
                    break;
            }
        }
        while (status.HasFlag(ServerStatus.MoreResultsExist));
    }

    /// <summary>One OK, EOF or ERR packet.</summary>
    public async Task SingleAsync() => Single(await client.ReceiveAsync());

    public void Single(byte[] packet) => _ = packet[0] == ErrPacket.Header ? Error(packet) : End(packet, 0);

    /// <summary>The answer to COM_INIT_DB, without its number of warnings.</summary>
    public async Task SchemaAsync()
    {
        await SingleAsync();
        _lines[^1] = Differences.WithoutWarnings(_lines[^1]);
    }

    /// <summary>The packet that ends a login: its session state is not compared.</summary>
    public void Login(byte[] packet)
    {
        Single(packet);
        _lines[^1] = _lines[^1].Split(" [")[0];
    }

    /// <summary>Rows without columns, up to their end: COM_STMT_FETCH; for COM_FIELD_LIST they are column definitions.</summary>
    public async Task<ServerStatus> ToEndAsync(bool definitions = false, ServerStatus behindDefinitions = 0)
    {
        while (true)
        {
            byte[] packet = await client.ReceiveAsync();
            if (packet[0] == ErrPacket.Header)
            {
                return Error(packet);
            }

            if (packet[0] == 0xFE && packet.Length < PacketHeader.MaxPayload)
            {
                return End(packet, behindDefinitions);
            }

            if (definitions)
            {
                Definition(packet);
            }
            else
            {
                _lines.Add($"ROW {Show(packet)}");
            }
        }
    }

    /// <summary>The answer to COM_STMT_PREPARE; returns the statement's id, or null for an error.</summary>
    public async Task<uint?> PreparedAsync()
    {
        byte[] packet = await client.ReceiveAsync();
        if (packet[0] == ErrPacket.Header)
        {
            Error(packet);
            return null;
        }

        StmtPrepareOk ok = StmtPrepareOk.Parse(packet, client.Negotiated);
        _lines.Add($"PREPARED {ok.Parameters} parameters, {ok.Columns} columns, {ok.Warnings} warnings, {packet.Length} bytes");
        await DefinitionsAsync(ok.Parameters, ok.MetadataFollows);
        await DefinitionsAsync(ok.Columns, ok.MetadataFollows);
        return ok.StatementId;
    }

    public async Task TextAsync()
    {
        byte[] packet = await client.ReceiveAsync();
        _lines.Add(Differences.WithoutNumbers(Encoding.UTF8.GetString(packet)));
    }

    private Task<ServerStatus> ColumnsAsync(byte[] packet)
    {
        var reader = new PacketReader(packet);
        int columns = (int)reader.ReadLengthEncodedInteger();
        bool follow = !OptionalMetadata || !reader.TryReadByte(out byte metadata) || metadata != 0;
        _lines.Add($"COLUMNS {columns} in {packet.Length} bytes{(follow ? "" : " left out")}");
        return RowsAsync(columns, follow);
    }

    private async Task<ServerStatus> RowsAsync(int columns, bool follow)
    {
        ServerStatus status = await DefinitionsAsync(columns, follow);
        return status.HasFlag(ServerStatus.CursorExists) ? status : await ToEndAsync(behindDefinitions: status);
    }

    private async Task<ServerStatus> DefinitionsAsync(int count, bool follow)
    {
        for (int i = 0; i < count && follow; i++)
        {
            Definition(await client.ReceiveAsync());
        }

        if (count == 0 || DeprecateEof)
        {
            return 0;
        }

        byte[] packet = await client.ReceiveAsync();
        if (packet.Length != 5 || packet[0] != 0xFE)
        {
            throw new InvalidDataException($"No EOF behind the definitions but {Show(packet)}.");
        }

        ServerStatus status = (ServerStatus)BitConverter.ToUInt16(packet, 3);
        _lines.Add($"EOF behind definitions {status & ServerStatus.CursorExists}");
        return status;
    }

    private void Definition(byte[] packet)
    {
        ColumnDefinition c = ColumnDefinition.Parse(packet, client.Negotiated);
        string names = string.Join('.', new[] { c.Schema, c.Table, c.OriginalTable, c.Name, c.OriginalName }.Select(n => Show(n.ToArray())));
        _lines.Add($"COLUMN {names} {c.Type} length {c.Length} flags {c.Flags:x} decimals {c.Decimals} collation {c.CollationId} ({packet.Length} bytes)");
    }

    private ServerStatus Error(byte[] packet)
    {
        _lines.Add(Differences.Text(ErrPacket.Parse(packet)));
        return 0;
    }

    private ServerStatus End(byte[] packet, ServerStatus behindDefinitions)
    {
        if (packet[0] == 0xFE && packet.Length == 5)
        {
            ServerStatus status = Differences.OutParameters(behindDefinitions, (ServerStatus)BitConverter.ToUInt16(packet, 3));
            _lines.Add($"EOF {Differences.Masked(status)}, {BitConverter.ToUInt16(packet, 1)} warnings");
            return status;
        }

        return Ok(packet);
    }

    private ServerStatus Ok(byte[] packet)
    {
        OkPacket ok = OkPacket.Parse(packet, client.Negotiated);
        var changes = new List<string>();
        foreach (SessionStateChange change in ok.StateChanges)
        {
            if (Differences.IsCompared(change))
            {
                changes.Add($" [{change.Kind} {Show(change.Name.ToArray())}={Show(change.Value.ToArray())}]");
            }
        }

        // Present by its entries; and with none, the server means transaction state.
        ServerStatus status = Differences.Masked(ok.Status) & ~ServerStatus.SessionStateChanged;
        _lines.Add($"OK {packet[0]:x2} {ok.AffectedRows} rows, id {ok.LastInsertId}, {status}, {ok.Warnings} warnings, '{Show(ok.Info.ToArray())}'"
            + string.Concat(changes.Order(StringComparer.Ordinal)));
        return ok.Status;
    }

    private static string Show(byte[] bytes) => bytes.Length > 400
        ? $"{bytes.Length} bytes {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))}"
        : string.Concat(bytes.Select(b => b is >= 0x20 and < 0x7F ? ((char)b).ToString() : $"\\{b:x2}"));
}
