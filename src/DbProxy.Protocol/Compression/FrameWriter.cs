using System.IO.Compression;

namespace DbProxy.Protocol.Compression;

/// <summary>Makes frames of bytes. Holds no buffer and no state but its settings; any thread may use it.</summary>
public sealed class FrameWriter
{
    /// <summary>Shorter payloads are sent as they are: compressed they are hardly shorter. The servers' own limit.</summary>
    public const int Threshold = 50;

    private readonly CompressionAlgorithm _algorithm;
    private readonly int _level;
    private readonly ZLibCompressionOptions? _zlib;

    /// <summary>A writer of one algorithm.</summary>
    /// <param name="algorithm">Zlib or Zstd.</param>
    /// <param name="level">0 to 9 for zlib, 1 to 22 for Zstandard.</param>
    public FrameWriter(CompressionAlgorithm algorithm, int level)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)algorithm, (int)CompressionAlgorithm.None);
        (_algorithm, _level) = (algorithm, level);
        _zlib = algorithm == CompressionAlgorithm.Zlib ? new() { CompressionLevel = level } : null;
    }

    /// <summary>Room in bytes that one frame of so many plain bytes may take.</summary>
    public static int Bound(int plainLength) => FrameHeader.Size + plainLength + (plainLength >> 3) + 128;

    /// <summary>Writes one frame, compressed if that makes it shorter.</summary>
    /// <param name="plain">1 to <see cref="FrameHeader.MaxLength"/> bytes.</param>
    /// <param name="sequence">The frame's number.</param>
    /// <param name="destination">Takes the frame.</param>
    /// <param name="offset">Where in <paramref name="destination"/>; at least <see cref="Bound"/> bytes from there.</param>
    /// <returns>The frame's length in bytes, header included.</returns>
    public int Write(ReadOnlySpan<byte> plain, byte sequence, byte[] destination, int offset)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, FrameHeader.MaxLength);
        int at = offset + FrameHeader.Size;
        int length = plain.Length < Threshold ? plain.Length
            : _algorithm == CompressionAlgorithm.Zlib ? Deflate(plain, destination, at)
            : ZstdContexts.Compress(_level, plain, destination.AsSpan(at));
        bool shorter = length < plain.Length;
        if (!shorter)
        {
            length = plain.Length;
            plain.CopyTo(destination.AsSpan(at));
        }

        new FrameHeader(length, sequence, shorter ? plain.Length : 0).Write(destination.AsSpan(offset));
        return FrameHeader.Size + length;
    }

    private int Deflate(ReadOnlySpan<byte> plain, byte[] destination, int offset)
    {
        using var target = new MemoryStream(destination, offset, destination.Length - offset);
        using (var stream = new ZLibStream(target, _zlib!, leaveOpen: true))
        {
            stream.Write(plain);
        }

        return (int)target.Position;
    }
}
