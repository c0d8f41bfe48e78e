namespace DbProxy.Protocol.Compression;

/// <summary>
/// The seven bytes before every compressed frame: three of length on the wire, one sequence number of the frames' own,
/// three of length before compression; 0 there says that the frame is not compressed.
/// </summary>
/// <remarks>Source: MySQL internals manual, "Compressed packet".</remarks>
/// <param name="Length">The payload's length on the wire in bytes, without the header.</param>
/// <param name="Sequence">Counts the frames of one command and its answer, both directions together.</param>
/// <param name="PlainLength">The payload's length before compression in bytes; 0: it is not compressed.</param>
public readonly record struct FrameHeader(int Length, byte Sequence, int PlainLength)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 7;

    /// <summary>The most bytes that one frame can carry, before and after compression.</summary>
    public const int MaxLength = 0xFFFFFF;

    /// <summary>Is the payload compressed?</summary>
    public bool IsCompressed => PlainLength != 0;

    /// <summary>Reads a header; <paramref name="source"/> must hold at least <see cref="Size"/> bytes.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source) =>
        new(PacketHeader.ReadLength(source), source[3], PacketHeader.ReadLength(source[4..]));

    /// <summary>Writes the header into the first <see cref="Size"/> bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        PacketHeader.Write(destination, Length, Sequence);
        destination[4] = (byte)PlainLength;
        destination[5] = (byte)(PlainLength >> 8);
        destination[6] = (byte)(PlainLength >> 16);
    }
}
