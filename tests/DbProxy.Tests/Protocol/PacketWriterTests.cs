using CsCheck;
using DbProxy.Protocol;
using Xunit;

namespace DbProxy.Tests.Protocol;

public sealed class PacketWriterTests
{
    private const int Max = PacketHeader.MaxPayload;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(Max - 1, 1)]
    [InlineData(Max, 2)]
    [InlineData(Max + 1, 2)]
    [InlineData(2 * Max - 1, 2)]
    [InlineData(2 * Max, 3)]
    [InlineData(2 * Max + 7, 3)]
    public void Payloads_are_split_at_the_protocols_limit(int length, int expectedPackets)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        using var writer = new PacketWriter();
        writer.Begin(254);
        writer.WriteBytes(payload);
        var next = writer.End();

        var packets = Framing.Split(writer.WrittenSpan);

        Assert.Equal(expectedPackets, packets.Count);
        Assert.Equal((byte)(254 + expectedPackets), next);
        Assert.Equal(Enumerable.Range(0, expectedPackets).Select(i => (byte)(254 + i)), packets.Select(p => p.Sequence));
        Assert.All(packets.SkipLast(1), p => Assert.Equal(Max, p.Payload.Length));
        Assert.True(packets[^1].Payload.Length < Max);
        Assert.True(payload.AsSpan().SequenceEqual(packets.SelectMany(p => p.Payload).ToArray()));
    }

    [Fact]
    public void Packets_follow_one_another_and_a_split_one_leaves_its_neighbours_alone()
    {
        using var writer = new PacketWriter();
        writer.Begin(0);
        writer.WriteText("before");
        writer.End();
        writer.Begin(0);
        writer.WriteZeros(Max);
        writer.End();
        writer.Begin(0);
        writer.WriteText("after");
        writer.End();

        var packets = Framing.Split(writer.WrittenSpan);

        Assert.Equal([6, Max, 0, 5], packets.Select(p => p.Payload.Length));
        Assert.Equal("before"u8.ToArray(), packets[0].Payload);
        Assert.Equal("after"u8.ToArray(), packets[3].Payload);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var field = Gen.OneOf(
            Gen.Byte.Select(v => new Field(w => w.WriteByte(v), (ref PacketReader r) => r.ReadByte() == v)),
            Gen.UShort.Select(v => new Field(w => w.WriteUInt16(v), (ref PacketReader r) => r.ReadUInt16() == v)),
            Gen.UInt[0, 0xFFFFFF].Select(v => new Field(w => w.WriteUInt24(v), (ref PacketReader r) => r.ReadUInt24() == v)),
            Gen.UInt.Select(v => new Field(w => w.WriteUInt32(v), (ref PacketReader r) => r.ReadUInt32() == v)),
            Gen.ULong.Select(v => new Field(w => w.WriteUInt64(v), (ref PacketReader r) => r.ReadUInt64() == v)),
            Gen.ULong.Select(Gen.Int[0, 63]).Select((v, shift) => new Field(w => w.WriteLengthEncodedInteger(v >> shift),
                (ref PacketReader r) => r.ReadLengthEncodedInteger() == v >> shift)),
            Gen.Byte.Array[0, 300].Select(v => new Field(w => w.WriteLengthEncodedBytes(v),
                (ref PacketReader r) => r.ReadLengthEncodedBytes().SequenceEqual(v))),
            Gen.Byte[1, 255].Array[0, 300].Select(v => new Field(w => w.WriteNullTerminated(v),
                (ref PacketReader r) => r.ReadNullTerminated().SequenceEqual(v))));

        field.Array[0, 30].Sample(fields =>
        {
            using var writer = new PacketWriter();
            foreach (var f in fields)
            {
                f.Write(writer);
            }
            var reader = new PacketReader(writer.WrittenSpan);
            foreach (var f in fields)
            {
                Assert.True(f.Reads(ref reader));
            }
            Assert.Equal(0, reader.Remaining);
        });
    }

    [Theory]
    [InlineData(0xFAUL, 1)]
    [InlineData(0xFBUL, 3)]
    [InlineData(0xFFFFUL, 3)]
    [InlineData(0x10000UL, 4)]
    [InlineData(0xFFFFFFUL, 4)]
    [InlineData(0x1000000UL, 9)]
    [InlineData(ulong.MaxValue, 9)]
    public void Integers_take_their_shortest_form(ulong value, int bytes)
    {
        using var writer = new PacketWriter();
        writer.WriteLengthEncodedInteger(value);
        Assert.Equal(bytes, writer.WrittenCount);
    }

    [Fact]
    public void A_zero_byte_cannot_smuggle_a_field_into_a_terminated_string()
    {
        using var writer = new PacketWriter();
        Assert.Throws<ArgumentException>(() => writer.WriteNullTerminated("ro\0ot"u8));
    }

    [Fact]
    public void Begin_and_End_must_alternate()
    {
        using var writer = new PacketWriter();
        Assert.Throws<InvalidOperationException>(() => writer.End());
        writer.Begin(0);
        Assert.Throws<InvalidOperationException>(() => writer.Begin(1));
    }

    [Fact]
    public void A_disposed_writer_holds_nothing_and_works_again()
    {
        var writer = new PacketWriter();
        writer.WriteUInt32(1);
        writer.Dispose();
        Assert.Equal(0, writer.WrittenCount);
        writer.WriteByte(7);
        Assert.Equal([7], writer.WrittenSpan.ToArray());
        writer.Dispose();
    }

    private delegate bool ReadField(ref PacketReader reader);

    private sealed record Field(Action<PacketWriter> Write, ReadField Reads);
}
