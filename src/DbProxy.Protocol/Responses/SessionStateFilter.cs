namespace DbProxy.Protocol.Responses;

/// <summary>
/// Keeps, of the session state that a server reports to the proxy, what it would report to a client by default: the
/// schema and five variables (the default of <c>session_track_system_variables</c> in MySQL 8/9 and MariaDB 10.11).
/// </summary>
internal static class SessionStateFilter
{
    private const byte SystemVariables = 0;
    private const byte Schema = 1;

    /// <summary>Copies the entries to keep, unframed, to <paramref name="writer"/>.</summary>
    public static void Write(PacketWriter writer, ReadOnlySpan<byte> entries)
    {
        var reader = new PacketReader(entries);
        while (reader.Remaining > 0)
        {
            byte type = reader.ReadByte();
            ReadOnlySpan<byte> data = reader.ReadLengthEncodedBytes();
            if (type == Schema || (type == SystemVariables && IsTrackedByDefault(data)))
            {
                writer.WriteByte(type);
                writer.WriteLengthEncodedBytes(data);
            }
        }
    }

    private static bool IsTrackedByDefault(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> name = new PacketReader(data).ReadLengthEncodedBytes();
        return name.SequenceEqual("autocommit"u8)
            || name.SequenceEqual("time_zone"u8)
            || name.SequenceEqual("character_set_client"u8)
            || name.SequenceEqual("character_set_connection"u8)
            || name.SequenceEqual("character_set_results"u8);
    }
}
