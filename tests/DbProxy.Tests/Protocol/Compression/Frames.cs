using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Compression;

namespace DbProxy.Tests.Protocol.Compression;

/// <summary>Frames on the wire for tests, and a reader that is fed in given pieces.</summary>
internal static class Frames
{
    public static readonly Gen<CompressionAlgorithm> Algorithm = Gen.Bool.Select(b => b ? CompressionAlgorithm.Zlib : CompressionAlgorithm.Zstd);

    /// <summary>Short and long, compressible and not.</summary>
    public static readonly Gen<byte[]> Plain = Gen.OneOf(
        Gen.Byte.Array[1, 80], Gen.Byte[0, 3].Array[40, 3000], Gen.Byte.Array[1000, 3000], Gen.Int[10_000, 200_000].Select(n => new byte[n]));

    public static byte[] Write(CompressionAlgorithm algorithm, params byte[][] plains)
    {
        var writer = new FrameWriter(algorithm, algorithm == CompressionAlgorithm.Zlib ? 6 : 3);
        List<byte> wire = [];
        byte sequence = 0;
        foreach (byte[] plain in plains)
        {
            byte[] frame = new byte[FrameWriter.Bound(plain.Length) + 5];
            int length = writer.Write(plain, sequence++, frame, 5);
            wire.AddRange(frame.AsSpan(5, length));
        }

        return [.. wire];
    }

    /// <summary>A frame whose header claims what it is told to.</summary>
    public static byte[] Lie(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[FrameHeader.Size + payload.Length];
        header.Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    /// <summary>All plain bytes of the wire, received in pieces of given sizes through both ways into the reader.</summary>
    public static byte[] Read(FrameReader reader, ReadOnlySpan<byte> wire, Func<int> piece, Func<int> room)
    {
        List<byte> plain = [];
        while (true)
        {
            byte[] buffer = new byte[Math.Max(1, room())];
            while (reader.Read(buffer) is var count and > 0)
            {
                plain.AddRange(buffer.AsSpan(0, count));
            }

            if (wire.IsEmpty)
            {
                return [.. plain];
            }

            int size = Math.Min(Math.Max(1, piece()), wire.Length);
            if (reader.Direct > 0)
            {
                size = Math.Min(size, reader.Direct);
                plain.AddRange(wire[..size]);
                reader.Passed(size);
            }
            else if (reader.IsEmpty)
            {
                reader.Append(wire[..size]);
            }
            else
            {
                Span<byte> target = reader.GetRoom().Span;
                size = Math.Min(size, target.Length);
                wire[..size].CopyTo(target);
                reader.Advance(size);
            }

            wire = wire[size..];
        }
    }
}
