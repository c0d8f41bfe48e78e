namespace DbProxy.Protocol;

/// <summary>The four bytes before every packet: three of length (little endian), one sequence number.</summary>
public static class PacketHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 4;

    /// <summary>
    /// Longest payload of one packet in bytes (16 MiB - 1). A packet of exactly this length is continued by the next
    /// one, which may be empty.
    /// </summary>
    public const int MaxPayload = 0xFFFFFF;

    /// <summary>The payload's length in bytes; <paramref name="header"/> must hold at least three bytes.</summary>
    public static int ReadLength(ReadOnlySpan<byte> header) => header[0] | header[1] << 8 | header[2] << 16;

    /// <summary>The sequence number; <paramref name="header"/> must hold at least four bytes.</summary>
    public static byte ReadSequence(ReadOnlySpan<byte> header) => header[3];

    /// <summary>Writes a header into the first four bytes of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length doesn't fit into three bytes.</exception>
    public static void Write(Span<byte> destination, int length, byte sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)MaxPayload, nameof(length));
        destination[3] = sequence;
        destination[2] = (byte)(length >> 16);
        destination[1] = (byte)(length >> 8);
        destination[0] = (byte)length;
    }
}
