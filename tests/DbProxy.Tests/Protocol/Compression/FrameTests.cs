using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Compression;
using Xunit;

namespace DbProxy.Tests.Protocol.Compression;

public sealed class FrameTests
{
    [Fact]
    public void What_was_written_is_read_however_it_arrives() =>
        Gen.Select(Frames.Algorithm, Frames.Plain.Array[1, 6], Gen.Int[1, 3000].Array[1, 6], Gen.Int[1, 700].Array[1, 6]).Sample(
            (algorithm, plains, pieces, rooms) =>
            {
                int p = 0, r = 0;
                using var reader = new FrameReader(algorithm) { ChecksSequence = true };
                byte[] read = Frames.Read(reader, Frames.Write(algorithm, plains), () => pieces[p++ % pieces.Length], () => rooms[r++ % rooms.Length]);
                Assert.Equal(plains.SelectMany(b => b).ToArray(), read);
                Assert.True(reader.IsEmpty);
                Assert.Equal((byte)plains.Length, reader.NextSequence);
            },
            iter: 500);

    [Theory]
    [InlineData(CompressionAlgorithm.Zlib)]
    [InlineData(CompressionAlgorithm.Zstd)]
    public void Every_split_is_the_same(CompressionAlgorithm algorithm)
    {
        byte[][] plains = [[1, 0, 0, 0, 3], new byte[300], [.. Enumerable.Range(0, 120).Select(i => (byte)(i * 37))], [7]];
        byte[] wire = Frames.Write(algorithm, plains);
        for (int split = 1; split < wire.Length; split++)
        {
            int first = split;
            using var reader = new FrameReader(algorithm);
            Assert.Equal(
                plains.SelectMany(b => b).ToArray(),
                Frames.Read(reader, wire, () => Interlocked.Exchange(ref first, int.MaxValue), () => 1000));
        }
    }

    [Theory]
    [InlineData(CompressionAlgorithm.Zlib)]
    [InlineData(CompressionAlgorithm.Zstd)]
    public void Short_and_random_payloads_go_out_as_they_are(CompressionAlgorithm algorithm)
    {
        Assert.Equal(0, FrameHeader.Read(Frames.Write(algorithm, new byte[FrameWriter.Threshold - 1])).PlainLength);
        Assert.Equal(FrameWriter.Threshold, FrameHeader.Read(Frames.Write(algorithm, new byte[FrameWriter.Threshold])).PlainLength);
        byte[] random = new byte[FrameHeader.MaxLength];
        new Random(1).NextBytes(random);
        Assert.Equal(new FrameHeader(random.Length, 0, 0), FrameHeader.Read(Frames.Write(algorithm, random)));
    }

    [Theory]
    [InlineData(CompressionAlgorithm.Zlib)]
    [InlineData(CompressionAlgorithm.Zstd)]
    public void The_largest_frame_is_unpacked_without_ever_being_held(CompressionAlgorithm algorithm)
    {
        byte[] wire = Frames.Write(algorithm, new byte[FrameHeader.MaxLength]);
        using var reader = new FrameReader(algorithm);
        byte[] buffer = new byte[64 << 10];
        Assert.Equal(0, reader.Read(buffer));
        reader.Append(wire);
        Assert.Equal(FrameHeader.MaxLength, reader.Pending);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int total = 0;
        while (reader.Read(buffer) is var count and > 0)
        {
            total += count;
        }

        Assert.Equal(FrameHeader.MaxLength, total);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(CompressionAlgorithm.Zlib, -1)]
    [InlineData(CompressionAlgorithm.Zlib, 1)]
    [InlineData(CompressionAlgorithm.Zlib, 1_000_000)]
    [InlineData(CompressionAlgorithm.Zstd, -1)]
    [InlineData(CompressionAlgorithm.Zstd, 1)]
    [InlineData(CompressionAlgorithm.Zstd, 1_000_000)]
    public void A_plain_length_that_lies_is_a_violation(CompressionAlgorithm algorithm, int lie)
    {
        byte[] honest = Frames.Write(algorithm, new byte[2000]);
        FrameHeader header = FrameHeader.Read(honest);
        byte[] wire = Frames.Lie(header with { PlainLength = header.PlainLength + lie }, honest.AsSpan(FrameHeader.Size));
        using var reader = new FrameReader(algorithm);
        Assert.Throws<MalformedPacketException>(() => Frames.Read(reader, wire, () => 100, () => 500));
    }

    [Fact]
    public void A_header_that_lies_about_the_wire_costs_no_memory()
    {
        using var reader = new FrameReader(CompressionAlgorithm.Zlib);
        byte[] wire = Frames.Lie(new(FrameHeader.MaxLength, 0, FrameHeader.MaxLength), new byte[5000]);
        Assert.Empty(Frames.Read(reader, wire, () => 700, () => 500));
        Assert.InRange(reader.GetRoom().Length, 1, 64 << 10);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(255, false)]
    public void Only_the_next_number_or_a_new_conversation_is_right(byte second, bool right)
    {
        byte[] wire = [.. Frames.Lie(new(3, 0, 0), [1, 2, 3]), .. Frames.Lie(new(1, second, 0), [4])];
        using var strict = new FrameReader(CompressionAlgorithm.Zlib) { ChecksSequence = true };
        if (right)
        {
            Assert.Equal([1, 2, 3, 4], Frames.Read(strict, wire, () => 1, () => 9));
        }
        else
        {
            Assert.Throws<MalformedPacketException>(() => Frames.Read(strict, wire, () => 1, () => 9));
        }

        using var tolerant = new FrameReader(CompressionAlgorithm.Zlib);
        Assert.Equal([1, 2, 3, 4], Frames.Read(tolerant, wire, () => 1, () => 9));
        Assert.Equal((byte)(second + 1), tolerant.NextSequence);
    }

    [Fact]
    public void An_empty_frame_is_a_violation()
    {
        using var reader = new FrameReader(CompressionAlgorithm.Zlib);
        Assert.Throws<MalformedPacketException>(() => Frames.Read(reader, new byte[7], () => 7, () => 9));
    }

    [Fact]
    public void A_window_larger_than_any_frame_is_refused()
    {
        // Magic, a frame header without a single segment, and a window of 128 MiB.
        byte[] payload = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x01, 0, 0];
        using var reader = new FrameReader(CompressionAlgorithm.Zstd);
        Assert.Throws<MalformedPacketException>(() => Frames.Read(reader, Frames.Lie(new(payload.Length, 0, 100), payload), () => 99, () => 200));
    }

    [Fact]
    public void Whatever_arrives_is_read_or_refused() =>
        Gen.Select(Frames.Algorithm, Frames.Plain.Array[1, 3], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 8], Gen.Int[1, 4000]).Sample(
            (algorithm, plains, changes, piece) =>
            {
                byte[] wire = Frames.Write(algorithm, plains);
                foreach (var (at, value) in changes)
                {
                    wire[at % Math.Min(wire.Length, 1 + (at % 60))] = value;
                }

                using var reader = new FrameReader(algorithm) { ChecksSequence = true };
                try
                {
                    Frames.Read(reader, wire, () => piece, () => 4096);
                }
                catch (MalformedPacketException)
                {
                    // The only exception that bad bytes may cause.
                }
            },
            iter: 2000);
}
