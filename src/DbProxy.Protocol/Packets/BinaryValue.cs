namespace DbProxy.Protocol.Packets;

/// <summary>Values of the binary protocol, as far as finding the end of one needs it.</summary>
public static class BinaryValue
{
    /// <summary>Skips one value that is not NULL.</summary>
    /// <param name="reader">Stands in front of the value.</param>
    /// <param name="type">The value's type.</param>
    /// <exception cref="MalformedPacketException">The packet ends before the value does.</exception>
    public static void Skip(ref PacketReader reader, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Null:
                break;
            case ColumnType.Tiny:
                reader.Skip(1);
                break;
            case ColumnType.Short or ColumnType.Year:
                reader.Skip(2);
                break;
            case ColumnType.Long or ColumnType.Int24 or ColumnType.Float:
                reader.Skip(4);
                break;
            case ColumnType.LongLong or ColumnType.Double:
                reader.Skip(8);
                break;
            case ColumnType.Date or ColumnType.Time or ColumnType.DateTime or ColumnType.Timestamp:
                reader.Skip(reader.ReadByte());
                break;
            default:
                reader.ReadLengthEncodedBytes();
                break;
        }
    }
}
