using DbProxy.Protocol;
using Xunit;

namespace DbProxy.Tests.Protocol;

public sealed class PacketReaderTests
{
    [Fact]
    public void A_length_beyond_the_packet_is_malformed()
    {
        Assert.Throws<MalformedPacketException>(() => new PacketReader([5, 1, 2]).ReadLengthEncodedBytes().Length);
        Assert.Throws<MalformedPacketException>(() =>
            new PacketReader([0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).ReadLengthEncodedBytes().Length);
        Assert.Throws<MalformedPacketException>(() => new PacketReader([1, 2]).ReadBytes(-1).Length);
    }

    [Theory]
    [InlineData(0xFB)]
    [InlineData(0xFF)]
    public void Markers_are_no_integers(byte marker) =>
        Assert.Throws<MalformedPacketException>(() => new PacketReader([marker, 0, 0]).ReadLengthEncodedInteger());

    [Fact]
    public void Null_of_a_row_differs_from_an_empty_string()
    {
        var reader = new PacketReader([0xFB, 0, 1, (byte)'x']);
        Assert.False(reader.TryReadLengthEncodedBytes(out _));
        Assert.True(reader.TryReadLengthEncodedBytes(out var empty));
        Assert.True(empty.IsEmpty);
        Assert.True(reader.TryReadLengthEncodedBytes(out var x));
        Assert.Equal("x"u8.ToArray(), x.ToArray());
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Optional_tails_are_told_apart_from_cut_ones()
    {
        var reader = new PacketReader([1]);
        Assert.False(reader.TryReadUInt16(out _));
        Assert.True(reader.TryReadByte(out var one));
        Assert.Equal(1, one);
        Assert.False(reader.TryReadByte(out _));
        Assert.Throws<MalformedPacketException>(() => new PacketReader([1, 2]).ReadNullTerminated().Length);
        Assert.Equal(2, new PacketReader([1, 2]).ReadNullTerminatedOrRest().Length);
    }
}
