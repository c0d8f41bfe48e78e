using CsCheck;
using DbProxy.Core.Channels;
using DbProxy.Protocol;
using Xunit;

namespace DbProxy.Tests.Channels;

public sealed class PacketInputTests
{
    private static readonly Gen<byte[]> Payload = Gen.OneOf(
        Gen.Byte.Array[0, 30], Gen.Int[500, 520].Select(Filled), Gen.Int[1000, 70_000].Select(Filled));

    [Fact]
    public void Reads_the_packets_that_were_sent_however_they_arrive() =>
        Gen.Select(Payload.Array[1, 8], Gen.Int[1, 3000].Array[1, 6], Gen.Bool).Sample(
            (payloads, chunks, exact) =>
            {
                int next = 0;
                var channel = new ScriptedChannel(Frame(payloads), () => chunks[next++ % chunks.Length]);
                using var input = new PacketInput(channel) { Exact = exact };
                for (int i = 0; i < payloads.Length; i++)
                {
                    Assert.Equal(InputResult.Packet, Read(input, i));
                    Assert.Equal(payloads[i], input.Payload.ToArray());
                    Assert.Equal(i, input.Sequence);
                    Assert.Equal(PacketHeader.Size + payloads[i].Length, input.Packet.Length);
                }

                Assert.Equal(InputResult.Closed, Read(input, -1));
            },
            iter: 500);

    [Fact]
    public void Every_split_of_small_packets_is_the_same()
    {
        byte[][] payloads = [[1, 2, 3], [], [4], Filled(600)];
        byte[] bytes = Frame(payloads);
        for (int split = 1; split < bytes.Length; split++)
        {
            int first = split;
            using var input = new PacketInput(new ScriptedChannel(bytes, () => Interlocked.Exchange(ref first, int.MaxValue)));
            foreach (byte[] payload in payloads)
            {
                Assert.Equal(InputResult.Packet, Read(input, -1));
                Assert.Equal(payload, input.Payload.ToArray());
            }
        }
    }

    [Fact]
    public void Exact_reads_not_one_byte_beyond_the_packet()
    {
        byte[][] payloads = [Filled(10), Filled(508), Filled(509), Filled(5000), []];
        var channel = new ScriptedChannel(Frame(payloads));
        using var input = new PacketInput(channel) { Exact = true };
        int expected = 0;
        foreach (byte[] payload in payloads)
        {
            Assert.Equal(InputResult.Packet, Read(input, -1));
            expected += PacketHeader.Size + payload.Length;
            Assert.Equal(expected, channel.Delivered);
            Assert.False(input.HasMore);
        }
    }

    [Fact]
    public void An_exact_read_of_a_packet_larger_than_the_idle_buffer_once_threw()
    {
        // A handshake response with many connection attributes, before TLS.
        using var input = new PacketInput(new ScriptedChannel(Frame([Filled(900)]), () => 100)) { Exact = true };
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal(Filled(900), input.Payload.ToArray());
    }

    [Fact]
    public void A_header_that_lies_about_its_length_costs_no_memory()
    {
        byte[] header = [0xFE, 0xFF, 0xFF, 0];
        var channel = new ScriptedChannel([.. header, .. new byte[100]]);
        using var input = new PacketInput(channel) { MaxPacket = 64 << 20 };
        Assert.Equal(InputResult.Closed, Read(input, 0));
        Assert.True(channel.LargestBuffer <= 32 << 10, $"A buffer of {channel.LargestBuffer} bytes was held for 104 bytes.");
    }

    [Fact]
    public void A_stranger_cannot_send_more_than_a_login_needs()
    {
        using var input = new PacketInput(new ScriptedChannel(Frame([Filled(0x0FFFFF)])));
        Assert.Equal(InputResult.TooLarge, Read(input, 0));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Packets_beyond_the_limit_are_refused_by_their_header(int length, bool taken)
    {
        var channel = new ScriptedChannel(Frame([Filled(length)]), () => 4);
        using var input = new PacketInput(channel) { MaxPacket = 1000 };
        Assert.Equal(taken ? InputResult.Packet : InputResult.TooLarge, Read(input, 0));
        Assert.Equal(taken ? length + 4 : 4, channel.Delivered);
    }

    [Theory]
    [InlineData(1001, 4)]
    [InlineData(1001, 700)]
    [InlineData(PacketHeader.MaxPayload, 100_000)]
    [InlineData(PacketHeader.MaxPayload + 5000, 100_000)]
    public async Task A_packet_beyond_the_limit_can_be_dropped_whole(int length, int step)
    {
        byte[] bytes = [.. Frame([Filled(length)]), .. Frame([[7]])];
        using var input = new PacketInput(new ScriptedChannel(bytes, () => step)) { MaxPacket = 1000 };
        Assert.Equal(InputResult.TooLarge, Read(input, 0));
        Assert.True(await input.SkipRestAsync());
        Assert.Equal(length >= PacketHeader.MaxPayload ? 1 : 0, input.Sequence);
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal([7], input.Payload.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PacketHeader.MaxPayload)]
    public async Task Packets_of_16_MiB_and_more_come_with_all_their_parts_where_they_are_wanted_whole(int more)
    {
        byte[] payload = Filled(PacketHeader.MaxPayload + more);
        byte[] bytes = [.. Frame([payload]), .. Frame([[7]])];
        using var input = new PacketInput(new ScriptedChannel(bytes)) { MaxPacket = 64 << 20 };
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.True(input.HasRest);
        Assert.Equal(InputResult.Packet, await input.ReadWholeAsync());
        Assert.False(input.HasRest);
        Assert.Equal(more == PacketHeader.MaxPayload ? 2 : 1, input.Sequence);
        Assert.True(input.Packet.Span.SequenceEqual(bytes.AsSpan(0, bytes.Length - 5)));
        Assert.True(input.CopyPayload().AsSpan().SequenceEqual(payload));
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal([7], input.Payload.ToArray());
    }

    [Theory]
    [InlineData(0, 1 << 30, true)]
    [InlineData(1, 70_000, true)]
    [InlineData(300_000, 1000, true)]
    [InlineData(PacketHeader.MaxPayload, 50_000, true)]
    [InlineData(300_000, 1 << 30, false)]
    public async Task The_rest_of_a_large_packet_comes_in_pieces_that_take_one_block(int more, int step, bool taken)
    {
        byte[] bytes = [.. Frame([Filled(PacketHeader.MaxPayload + more)]), .. Frame([[7]])];
        var channel = new ScriptedChannel(bytes, () => step);
        using var input = new PacketInput(channel) { MaxPacket = 64 << 20 };
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal(PacketHeader.MaxPayload, input.Payload.Length);
        int at = input.Packet.Length;
        Assert.True(input.Packet.Span.SequenceEqual(bytes.AsSpan(0, at)));
        while (taken && input.HasRest)
        {
            Assert.Equal(InputResult.Packet, await input.ReadRestAsync());
            Assert.InRange(input.Rest.Length, 1, 128 << 10);
            Assert.True(input.Rest.Span.SequenceEqual(bytes.AsSpan(at, input.Rest.Length)));
            Assert.True(input.IsRestTaken);
            at += input.Rest.Length;
        }

        Assert.Equal(taken ? bytes.Length - 5 : at, at);
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal([7], input.Payload.ToArray());
        Assert.False(input.IsRestTaken);
    }

    [Fact]
    public async Task A_rest_beyond_the_limit_is_refused_at_its_header_and_can_be_dropped()
    {
        byte[] bytes = [.. Frame([Filled((2 * PacketHeader.MaxPayload) + 10)]), .. Frame([[7]])];
        using var input = new PacketInput(new ScriptedChannel(bytes, () => 100_000)) { MaxPacket = 20 << 20 };
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal(InputResult.TooLarge, await input.ReadRestAsync());
        Assert.True(await input.SkipRestAsync());
        Assert.Equal(2, input.Sequence);
        Assert.Equal(InputResult.Packet, Read(input, 0));
        Assert.Equal([7], input.Payload.ToArray());
    }

    [Fact]
    public async Task A_rest_that_ends_early_or_is_numbered_wrong_is_noticed()
    {
        byte[] bytes = Frame([Filled(PacketHeader.MaxPayload + 10)]);
        using var cut = new PacketInput(new ScriptedChannel(bytes[..^2])) { MaxPacket = 64 << 20 };
        Assert.Equal(InputResult.Packet, Read(cut, 0));
        Assert.Equal(InputResult.Packet, await cut.ReadRestAsync());
        Assert.Equal(InputResult.Closed, await cut.ReadRestAsync());
        bytes[PacketHeader.MaxPayload + 7] = 9;
        using var wrong = new PacketInput(new ScriptedChannel(bytes)) { MaxPacket = 64 << 20 };
        Assert.Equal(InputResult.Packet, Read(wrong, 0));
        Assert.Equal(InputResult.BadSequence, await wrong.ReadRestAsync());
    }

    [Fact]
    public void A_wrong_sequence_is_told_from_the_header()
    {
        using var fast = new PacketInput(new ScriptedChannel([1, 0, 0, 3, 9]));
        Assert.Equal(InputResult.BadSequence, Read(fast, 0));
        using var slow = new PacketInput(new ScriptedChannel([1, 0, 0, 3, 9], () => 1));
        Assert.Equal(InputResult.BadSequence, Read(slow, 0));
    }

    private static InputResult Read(PacketInput input, int sequence)
    {
        ValueTask<InputResult> read = input.ReadAsync(sequence);
        return read.IsCompleted ? read.Result : read.AsTask().GetAwaiter().GetResult();
    }

    private static byte[] Filled(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i * 31);
        }

        return bytes;
    }

    private static byte[] Frame(byte[][] payloads)
    {
        using var writer = new PacketWriter();
        byte sequence = 0;
        foreach (byte[] payload in payloads)
        {
            writer.Begin(sequence);
            writer.WriteBytes(payload);
            sequence = writer.End();
        }

        return writer.WrittenSpan.ToArray();
    }
}
