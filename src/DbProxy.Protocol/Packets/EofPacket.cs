namespace DbProxy.Protocol.Packets;

/// <summary>The EOF packet of connections without <see cref="Capabilities.DeprecateEof"/>.</summary>
/// <param name="Warnings">Number of warnings.</param>
/// <param name="Status">Status flags.</param>
public readonly record struct EofPacket(ushort Warnings, ServerStatus Status)
{
    /// <summary>The first byte.</summary>
    public const byte Header = 0xFE;

    /// <summary>Is it an EOF? A row may start with 0xFE too, but is then nine bytes or longer.</summary>
    public static bool Is(ReadOnlySpan<byte> payload) => payload.Length is > 0 and < 9 && payload[0] == Header;

    /// <summary>Parses an EOF packet.</summary>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static EofPacket Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload);
        if (reader.ReadByte() != Header)
        {
            MalformedPacketException.Throw("Not an EOF packet.");
        }
        return new EofPacket(reader.ReadUInt16(), (ServerStatus)reader.ReadUInt16());
    }

    /// <summary>Writes one packet.</summary>
    public void Write(PacketWriter writer, byte sequence)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteByte(Header);
        writer.WriteUInt16(Warnings);
        writer.WriteUInt16((ushort)Status);
        writer.End();
    }
}
