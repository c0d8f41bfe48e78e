using System.Buffers.Binary;

namespace DbProxy.Protocol.Packets;

/// <summary>The first packet of a successful answer to COM_STMT_PREPARE.</summary>
/// <param name="StatementId">The statement's id in that connection.</param>
/// <param name="Columns">Column definitions that follow after the parameters.</param>
/// <param name="Parameters">Parameter definitions that follow.</param>
/// <param name="Warnings">Number of warnings.</param>
/// <param name="MetadataFollows">False only with <see cref="Capabilities.OptionalResultsetMetadata"/>.</param>
public readonly record struct StmtPrepareOk(
    uint StatementId, ushort Columns, ushort Parameters, ushort Warnings, bool MetadataFollows = true)
{
    /// <summary>Where the statement's id is: in this packet and in COM_STMT_EXECUTE, CLOSE, RESET, FETCH and SEND_LONG_DATA.</summary>
    public const int StatementIdOffset = 1;

    /// <summary>Parses the packet.</summary>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static StmtPrepareOk Parse(ReadOnlySpan<byte> payload, Capabilities capabilities)
    {
        var reader = new PacketReader(payload);
        if (reader.ReadByte() != 0)
        {
            MalformedPacketException.Throw("Not an answer to COM_STMT_PREPARE.");
        }
        var id = reader.ReadUInt32();
        var columns = reader.ReadUInt16();
        var parameters = reader.ReadUInt16();
        reader.Skip(1);
        // MySQL's own client treats the warnings as optional.
        reader.TryReadUInt16(out var warnings);
        var metadata = true;
        if (capabilities.HasFlag(Capabilities.OptionalResultsetMetadata) && reader.TryReadByte(out var follows))
        {
            metadata = follows != 0;
        }
        return new StmtPrepareOk(id, columns, parameters, warnings, metadata);
    }

    /// <summary>Writes the packet.</summary>
    /// <returns>The next sequence number.</returns>
    public byte Write(PacketWriter writer, byte sequence, Capabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteByte(0);
        writer.WriteUInt32(StatementId);
        writer.WriteUInt16(Columns);
        writer.WriteUInt16(Parameters);
        writer.WriteByte(0);
        writer.WriteUInt16(Warnings);
        if (capabilities.HasFlag(Capabilities.OptionalResultsetMetadata))
        {
            writer.WriteByte(MetadataFollows ? (byte)1 : (byte)0);
        }
        return writer.End();
    }

    /// <summary>Reads the id out of this packet or out of a COM_STMT_ command (payload without header).</summary>
    /// <exception cref="MalformedPacketException">The packet is too short.</exception>
    public static uint ReadStatementId(ReadOnlySpan<byte> payload)
    {
        RequireId(payload.Length);
        return BinaryPrimitives.ReadUInt32LittleEndian(payload[StatementIdOffset..]);
    }

    /// <summary>Puts another id into this packet or into a COM_STMT_ command (payload without header).</summary>
    /// <exception cref="MalformedPacketException">The packet is too short.</exception>
    public static void ReplaceStatementId(Span<byte> payload, uint statementId)
    {
        RequireId(payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[StatementIdOffset..], statementId);
    }

    private static void RequireId(int length)
    {
        if (length < StatementIdOffset + sizeof(uint))
        {
            MalformedPacketException.Throw("The packet is too short to hold a statement id.");
        }
    }
}
