using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>Query attributes as clients send them.</summary>
internal static class Attributes
{
    /// <summary>PARAMETER_COUNT_AVAILABLE of COM_STMT_EXECUTE.</summary>
    public const int CountFlag = 8;

    /// <summary>What stands in front of a query's text when it has none.</summary>
    public static byte[] None(RawClient client) => client.Negotiated.HasFlag(Capabilities.QueryAttributes) ? [0, 1] : [];

    /// <summary>What stands in front of a query's text.</summary>
    public static void WriteFor(PacketWriter writer, IReadOnlyList<(string Name, object? Value)> attributes)
    {
        writer.WriteLengthEncodedInteger((ulong)attributes.Count);
        writer.WriteByte(1);
        Write(writer, attributes, sendTypes: true);
    }

    /// <summary>The parameters of COM_STMT_EXECUTE, and attributes behind them.</summary>
    public static void WriteExecute(
        PacketWriter writer, object?[] parameters, IReadOnlyList<(string Name, object? Value)> attributes, bool sendTypes)
    {
        (string, object?)[] all = [.. parameters.Select(p => ("", p)), .. attributes];
        writer.WriteLengthEncodedInteger((ulong)all.Length);
        Write(writer, all, sendTypes);
    }

    private static void Write(PacketWriter writer, IReadOnlyList<(string Name, object? Value)> values, bool sendTypes)
    {
        if (values.Count == 0)
        {
            return;
        }

        byte[] nulls = new byte[(values.Count + 7) / 8];
        for (int i = 0; i < values.Count; i++)
        {
            nulls[i / 8] |= (byte)(values[i].Value is null ? 1 << (i % 8) : 0);
        }

        writer.WriteBytes(nulls);
        writer.WriteByte(sendTypes ? (byte)1 : (byte)0);
        foreach (var (name, value) in sendTypes ? values : [])
        {
            writer.WriteUInt16((ushort)Type(value));
            writer.WriteLengthEncodedText(name);
        }

        foreach (var (_, value) in values)
        {
            WriteValue(writer, value);
        }
    }

    public static ColumnType Type(object? value) => value switch
    {
        long => ColumnType.LongLong,
        int => ColumnType.Long,
        short => ColumnType.Short,
        sbyte => ColumnType.Tiny,
        double => ColumnType.Double,
        float => ColumnType.Float,
        DateTime => ColumnType.DateTime,
        TimeSpan => ColumnType.Time,
        byte[] => ColumnType.Blob,
        null => ColumnType.Null,
        _ => ColumnType.VarString,
    };

    public static void WriteValue(PacketWriter writer, object? value)
    {
        switch (value)
        {
            case long number: writer.WriteUInt64((ulong)number); break;
            case int number: writer.WriteUInt32((uint)number); break;
            case short number: writer.WriteUInt16((ushort)number); break;
            case sbyte number: writer.WriteByte((byte)number); break;
            case double number: writer.WriteBytes(BitConverter.GetBytes(number)); break;
            case float number: writer.WriteBytes(BitConverter.GetBytes(number)); break;
            case DateTime time:
                writer.WriteByte(4);
                writer.WriteUInt16((ushort)time.Year);
                writer.WriteByte((byte)time.Month);
                writer.WriteByte((byte)time.Day);
                break;
            case TimeSpan time:
                writer.WriteByte(8);
                writer.WriteByte(time < TimeSpan.Zero ? (byte)1 : (byte)0);
                writer.WriteUInt32((uint)Math.Abs(time.Days));
                writer.WriteByte((byte)Math.Abs(time.Hours));
                writer.WriteByte((byte)Math.Abs(time.Minutes));
                writer.WriteByte((byte)Math.Abs(time.Seconds));
                break;
            case byte[] bytes: writer.WriteLengthEncodedBytes(bytes); break;
            case string { Length: > 0 } text: writer.WriteLengthEncodedText(text); break;
        }
    }
}
