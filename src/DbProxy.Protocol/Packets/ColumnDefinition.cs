namespace DbProxy.Protocol.Packets;

/// <summary>A column of a result (ColumnDefinition41). Names are bytes in the result's character set.</summary>
public sealed record ColumnDefinition
{
    private const int FixedLength = 0x0c;

    /// <summary>The schema.</summary>
    public ReadOnlyMemory<byte> Schema { get; init; }
    /// <summary>The table's alias.</summary>
    public ReadOnlyMemory<byte> Table { get; init; }
    /// <summary>The table's own name.</summary>
    public ReadOnlyMemory<byte> OriginalTable { get; init; }
    /// <summary>The column's alias.</summary>
    public ReadOnlyMemory<byte> Name { get; init; }
    /// <summary>The column's own name.</summary>
    public ReadOnlyMemory<byte> OriginalName { get; init; }
    /// <summary>MariaDB's extended type information, encoded; with <see cref="Capabilities.MariaDbExtendedMetadata"/> only.</summary>
    public ReadOnlyMemory<byte> ExtendedMetadata { get; init; }
    /// <summary>The collation.</summary>
    public ushort CollationId { get; init; }
    /// <summary>Longest value in bytes.</summary>
    public uint Length { get; init; }
    /// <summary>The type.</summary>
    public ColumnType Type { get; init; }
    /// <summary>NOT_NULL, UNSIGNED, BINARY and so on.</summary>
    public ushort Flags { get; init; }
    /// <summary>Decimals; 0x1f for floating ones.</summary>
    public byte Decimals { get; init; }

    /// <summary>Parses a column definition. The default value that COM_FIELD_LIST appends is not read.</summary>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static ColumnDefinition Parse(ReadOnlySpan<byte> payload, Capabilities capabilities)
    {
        var reader = new PacketReader(payload);
        reader.ReadLengthEncodedBytes(); // catalog, "def" always
        var schema = reader.ReadLengthEncodedBytes().ToArray();
        var table = reader.ReadLengthEncodedBytes().ToArray();
        var originalTable = reader.ReadLengthEncodedBytes().ToArray();
        var name = reader.ReadLengthEncodedBytes().ToArray();
        var originalName = reader.ReadLengthEncodedBytes().ToArray();
        var extended = capabilities.HasFlag(Capabilities.MariaDbExtendedMetadata)
            ? reader.ReadLengthEncodedBytes().ToArray()
            : [];
        if (reader.ReadLengthEncodedInteger() < FixedLength)
        {
            MalformedPacketException.Throw("The fixed part of a column definition is too short.");
        }
        var definition = new ColumnDefinition
        {
            Schema = schema, Table = table, OriginalTable = originalTable, Name = name, OriginalName = originalName,
            ExtendedMetadata = extended, CollationId = reader.ReadUInt16(), Length = reader.ReadUInt32(),
            Type = (ColumnType)reader.ReadByte(), Flags = reader.ReadUInt16(), Decimals = reader.ReadByte(),
        };
        reader.Skip(2);
        return definition;
    }

    /// <summary>Writes one packet.</summary>
    /// <returns>The next sequence number.</returns>
    public byte Write(PacketWriter writer, byte sequence, Capabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteLengthEncodedBytes("def"u8);
        writer.WriteLengthEncodedBytes(Schema.Span);
        writer.WriteLengthEncodedBytes(Table.Span);
        writer.WriteLengthEncodedBytes(OriginalTable.Span);
        writer.WriteLengthEncodedBytes(Name.Span);
        writer.WriteLengthEncodedBytes(OriginalName.Span);
        if (capabilities.HasFlag(Capabilities.MariaDbExtendedMetadata))
        {
            writer.WriteLengthEncodedBytes(ExtendedMetadata.Span);
        }
        writer.WriteByte(FixedLength);
        writer.WriteUInt16(CollationId);
        writer.WriteUInt32(Length);
        writer.WriteByte((byte)Type);
        writer.WriteUInt16(Flags);
        writer.WriteByte(Decimals);
        writer.WriteZeros(2);
        return writer.End();
    }
}
