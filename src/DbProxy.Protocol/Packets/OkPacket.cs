namespace DbProxy.Protocol.Packets;

/// <summary>An OK packet, of header 0x00, or of header 0xFE where it ends a result (DEPRECATE_EOF).</summary>
/// <remarks>The spans alias the packet. Session state is only cut out here; errors in it show on enumeration.</remarks>
public readonly ref struct OkPacket
{
    /// <summary>The first byte of an OK that answers a command.</summary>
    public const byte Header = 0x00;

    /// <summary>The first byte of an OK that ends a result's rows.</summary>
    public const byte EndOfRowsHeader = 0xFE;

    private readonly ReadOnlySpan<byte> _stateChanges;

    private OkPacket(ulong affectedRows, ulong lastInsertId, ServerStatus status, ushort warnings,
        ReadOnlySpan<byte> info, ReadOnlySpan<byte> stateChanges)
    {
        AffectedRows = affectedRows;
        LastInsertId = lastInsertId;
        Status = status;
        Warnings = warnings;
        Info = info;
        _stateChanges = stateChanges;
    }

    /// <summary>Rows changed (or found, see <see cref="Capabilities.FoundRows"/>).</summary>
    public ulong AffectedRows { get; }

    /// <summary>The first AUTO_INCREMENT value generated, or 0.</summary>
    public ulong LastInsertId { get; }

    /// <summary>Status flags.</summary>
    public ServerStatus Status { get; }

    /// <summary>Number of warnings.</summary>
    public ushort Warnings { get; }

    /// <summary>Text for people, as "Rows matched: 1  Changed: 1  Warnings: 0".</summary>
    public ReadOnlySpan<byte> Info { get; }

    /// <summary>What changed in the session.</summary>
    public SessionStateChanges StateChanges => new(_stateChanges);

    /// <summary>Parses either form of OK packet.</summary>
    /// <param name="payload">The packet without header.</param>
    /// <param name="capabilities">What the connection negotiated.</param>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static OkPacket Parse(ReadOnlySpan<byte> payload, Capabilities capabilities)
    {
        var reader = new PacketReader(payload);
        if (reader.ReadByte() is not (Header or EndOfRowsHeader))
        {
            MalformedPacketException.Throw("Not an OK packet.");
        }
        var affectedRows = reader.ReadLengthEncodedInteger();
        var lastInsertId = reader.ReadLengthEncodedInteger();
        var status = ServerStatus.None;
        ushort warnings = 0;
        if (capabilities.HasFlag(Capabilities.Protocol41))
        {
            status = (ServerStatus)reader.ReadUInt16();
            warnings = reader.ReadUInt16();
        }
        else if (capabilities.HasFlag(Capabilities.Transactions))
        {
            status = (ServerStatus)reader.ReadUInt16();
        }
        if (!capabilities.HasFlag(Capabilities.SessionTrack))
        {
            return new OkPacket(affectedRows, lastInsertId, status, warnings, PlainInfo(reader.ReadRest()), []);
        }
        // The server leaves out an empty info when no state changes follow it.
        var info = reader.Remaining > 0 ? reader.ReadLengthEncodedBytes() : [];
        var changes = status.HasFlag(ServerStatus.SessionStateChanged) && reader.Remaining > 0
            ? reader.ReadLengthEncodedBytes()
            : [];
        return new OkPacket(affectedRows, lastInsertId, status, warnings, info, changes);
    }

    /// <summary>Writes an OK packet.</summary>
    /// <param name="writer">Takes the packet.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="capabilities">What was negotiated with the receiver.</param>
    /// <param name="status">Status flags; <see cref="ServerStatus.SessionStateChanged"/> is set by <paramref name="stateChanges"/>.</param>
    /// <param name="affectedRows">Rows changed.</param>
    /// <param name="lastInsertId">First generated AUTO_INCREMENT value.</param>
    /// <param name="warnings">Number of warnings.</param>
    /// <param name="info">Text for people, UTF-8.</param>
    /// <param name="stateChanges">Encoded entries (see <see cref="SessionStateWriter"/>); dropped where the receiver doesn't track.</param>
    /// <param name="endOfRows">True for the form with header 0xFE.</param>
    /// <returns>The next sequence number.</returns>
    public static byte Write(PacketWriter writer, byte sequence, Capabilities capabilities, ServerStatus status,
        ulong affectedRows = 0, ulong lastInsertId = 0, ushort warnings = 0, ReadOnlySpan<byte> info = default,
        ReadOnlySpan<byte> stateChanges = default, bool endOfRows = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var tracked = capabilities.HasFlag(Capabilities.SessionTrack) && !stateChanges.IsEmpty;
        status = tracked ? status | ServerStatus.SessionStateChanged : status & ~ServerStatus.SessionStateChanged;
        writer.Begin(sequence);
        writer.WriteByte(endOfRows ? EndOfRowsHeader : Header);
        writer.WriteLengthEncodedInteger(affectedRows);
        writer.WriteLengthEncodedInteger(lastInsertId);
        writer.WriteUInt16((ushort)status);
        writer.WriteUInt16(warnings);
        if (tracked || !info.IsEmpty)
        {
            writer.WriteLengthEncodedBytes(info);
        }
        if (tracked)
        {
            writer.WriteLengthEncodedBytes(stateChanges);
        }
        return writer.End();
    }

    // The manual gives the info without SESSION_TRACK no length; MySQL (net_send_ok) and MariaDB write one in any case,
    // and their clients read it so. Proxies and servers that follow the manual are understood as well.
    private static ReadOnlySpan<byte> PlainInfo(ReadOnlySpan<byte> rest)
    {
        int header = rest is [] ? 0 : rest[0] switch { < 0xFB => 1, 0xFC => 3, 0xFD => 4, _ => 0 };
        if (header == 0 || rest.Length < header)
        {
            return rest;
        }

        var reader = new PacketReader(rest);
        return reader.ReadLengthEncodedInteger() == (ulong)reader.Remaining ? reader.Rest : rest;
    }
}
