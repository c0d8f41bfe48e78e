namespace DbProxy.Protocol.Packets;

/// <summary>
/// COM_QUERY. Where query attributes were negotiated, their number (length-encoded), the number of sets (always 1), and,
/// if there are any, a NULL bitmap, the byte 1, each type (2 bytes) with its name, and the values stand before the text.
/// Source: MySQL's internals documentation, COM_QUERY.
/// </summary>
public static class QueryCommand
{
    /// <summary>Writes what stands in front of the text of a query without attributes.</summary>
    /// <param name="writer">In a packet that has been begun.</param>
    /// <param name="hasAttributes">Whether query attributes were negotiated with the receiver.</param>
    public static void WriteHead(PacketWriter writer, bool hasAttributes)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)CommandKind.Query);
        if (hasAttributes)
        {
            writer.WriteByte(0);
            writer.WriteByte(1);
        }
    }

    /// <summary>Where the text begins in a packet of a peer with whom query attributes were negotiated.</summary>
    /// <exception cref="MalformedPacketException">There is no text: the attributes go beyond the packet.</exception>
    public static int TextAt(ReadOnlySpan<byte> payload)
    {
        if (payload is [_, 0, 1, ..])
        {
            return 3;
        }

        var reader = new PacketReader(payload[1..]);
        ulong count = reader.ReadLengthEncodedInteger();
        reader.ReadLengthEncodedInteger();
        if (count > 0)
        {
            SkipAttributes(ref reader, count);
        }

        return 1 + reader.Position;
    }

    private static void SkipAttributes(ref PacketReader reader, ulong count)
    {
        // Each attribute takes three bytes at least, so a count that lies ends here.
        if (count > (ulong)reader.Remaining)
        {
            throw new MalformedPacketException("More query attributes than the packet has room for.");
        }

        ReadOnlySpan<byte> nulls = reader.ReadBytes((int)((count + 7) / 8));
        if (reader.ReadByte() != 1)
        {
            throw new MalformedPacketException("Query attributes without their types.");
        }

        PacketReader types = reader;
        for (ulong i = 0; i < count; i++)
        {
            reader.Skip(2);
            reader.ReadLengthEncodedBytes();
        }

        for (int i = 0; i < (int)count; i++)
        {
            var type = (ColumnType)types.ReadByte();
            types.Skip(1);
            types.ReadLengthEncodedBytes();
            if ((nulls[i / 8] & (1 << (i % 8))) == 0)
            {
                BinaryValue.Skip(ref reader, type);
            }
        }
    }
}
