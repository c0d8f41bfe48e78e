namespace DbProxy.Protocol.Packets;

/// <summary>A step of an authentication plugin's own conversation, from the server.</summary>
public static class AuthMoreData
{
    /// <summary>The first byte.</summary>
    public const byte Header = 0x01;

    /// <summary>The first byte of AuthNextFactor: the server wants another factor (MySQL 8.0.27).</summary>
    public const byte NextFactorHeader = 0x02;

    /// <summary>Is it one?</summary>
    public static bool Is(ReadOnlySpan<byte> payload) => payload is [Header, ..];

    /// <summary>The plugin's data; aliases the packet.</summary>
    /// <exception cref="MalformedPacketException">It isn't such a packet.</exception>
    public static ReadOnlySpan<byte> Parse(ReadOnlySpan<byte> payload)
    {
        if (!Is(payload))
        {
            MalformedPacketException.Throw("Not an authentication data packet.");
        }
        return payload[1..];
    }

    /// <summary>Writes the data as one packet.</summary>
    public static void Write(PacketWriter writer, byte sequence, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteByte(Header);
        writer.WriteBytes(data);
        writer.End();
    }
}
