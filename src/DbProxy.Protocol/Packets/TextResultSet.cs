using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>Writes a whole text result of strings, for the few statements that the proxy answers by itself.</summary>
public static class TextResultSet
{
    private const ushort Utf8Mb4GeneralCi = 45;
    private const uint ColumnLength = 1024;
    private const byte NotFixedDecimals = 0x1f;

    /// <summary>Writes the result: column count, columns, rows, end.</summary>
    /// <param name="writer">Takes the packets.</param>
    /// <param name="sequence">The first packet's sequence number; 1 in answer to a command.</param>
    /// <param name="capabilities">What was negotiated with the receiver; decides between EOF and OK packets.</param>
    /// <param name="status">Status flags of the end.</param>
    /// <param name="columns">The columns' names.</param>
    /// <param name="rows">Values, null for NULL, as many in each row as there are columns.</param>
    /// <returns>The next sequence number.</returns>
    /// <exception cref="ArgumentException">A row has another number of values than there are columns.</exception>
    public static byte Write(PacketWriter writer, byte sequence, Capabilities capabilities, ServerStatus status,
        IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        sequence = WriteColumns(writer, sequence, capabilities, status, columns);
        foreach (var row in rows)
        {
            if (row.Count != columns.Count)
            {
                throw new ArgumentException("Each row needs one value for each column.", nameof(rows));
            }
            sequence = WriteRow(writer, sequence, row);
        }
        return WriteEnd(writer, sequence, capabilities, status, endOfRows: true);
    }

    private static byte WriteColumns(PacketWriter writer, byte sequence, Capabilities capabilities, ServerStatus status,
        IReadOnlyList<string> columns)
    {
        writer.Begin(sequence);
        if (capabilities.HasFlag(Capabilities.OptionalResultsetMetadata))
        {
            writer.WriteByte(1); // RESULTSET_METADATA_FULL
        }
        writer.WriteLengthEncodedInteger((ulong)columns.Count);
        if (capabilities.HasFlag(Capabilities.MariaDbCacheMetadata))
        {
            writer.WriteByte(1); // column definitions follow
        }
        sequence = writer.End();
        foreach (var name in columns)
        {
            var column = new ColumnDefinition
            {
                Name = Encoding.UTF8.GetBytes(name), CollationId = Utf8Mb4GeneralCi, Length = ColumnLength,
                Type = ColumnType.VarString, Decimals = NotFixedDecimals,
            };
            sequence = column.Write(writer, sequence, capabilities);
        }
        return capabilities.HasFlag(Capabilities.DeprecateEof)
            ? sequence
            : WriteEnd(writer, sequence, capabilities, status, endOfRows: false);
    }

    private static byte WriteRow(PacketWriter writer, byte sequence, IReadOnlyList<string?> row)
    {
        writer.Begin(sequence);
        foreach (var value in row)
        {
            if (value is null)
            {
                writer.WriteNull();
            }
            else
            {
                writer.WriteLengthEncodedText(value);
            }
        }
        return writer.End();
    }

    private static byte WriteEnd(PacketWriter writer, byte sequence, Capabilities capabilities, ServerStatus status,
        bool endOfRows)
    {
        if (endOfRows && capabilities.HasFlag(Capabilities.DeprecateEof))
        {
            return OkPacket.Write(writer, sequence, capabilities, status, endOfRows: true);
        }
        new EofPacket(0, status).Write(writer, sequence);
        return (byte)(sequence + 1);
    }
}
