using DbProxy.Core.Channels;
using DbProxy.Protocol;
using DbProxy.Protocol.Compression;
using DbProxy.Tests.Protocol.Compression;
using DbProxy.Transport;
using Xunit;

namespace DbProxy.Tests.Channels;

public sealed class CompressedChannelTests
{
    [Theory]
    [InlineData(CompressionAlgorithm.Zlib)]
    [InlineData(CompressionAlgorithm.Zstd)]
    public async Task Packets_come_through_whatever_their_size(CompressionAlgorithm algorithm)
    {
        byte[] packets = [.. Packet(0, 10), .. Packet(1, 40_000), .. Packet(2, 300)];
        var channel = new ScriptedChannel(Frames.Write(algorithm, packets[..100], packets[100..20_000], packets[20_000..]), () => 777);
        using var input = new PacketInput(new CompressedChannel(channel, algorithm, 3, towardsServer: false)) { MaxPacket = 1 << 20 };
        foreach (int length in new[] { 10, 40_000, 300 })
        {
            Assert.Equal(InputResult.Packet, await input.ReadAsync(-1));
            Assert.Equal(Packet(0, length)[4..], input.Payload.ToArray());
        }

        Assert.Equal(InputResult.Closed, await input.ReadAsync(-1));
        Assert.Null(input.Channel.Violation);
    }

    [Fact]
    public async Task What_cannot_be_unpacked_ends_the_input_with_its_reason()
    {
        var channel = new CompressedChannel(
            new ScriptedChannel(Frames.Lie(new(20, 0, 100), new byte[20])), CompressionAlgorithm.Zlib, 6, towardsServer: false);
        using var input = new PacketInput(channel);
        Assert.Equal(InputResult.Closed, await input.ReadAsync(0));
        Assert.NotNull(channel.Violation);
    }

    [Fact]
    public async Task An_idle_peer_is_waited_for_without_a_buffer_of_the_channels_own()
    {
        var scripted = new ScriptedChannel([]);
        using var channel = new CompressedChannel(scripted, CompressionAlgorithm.Zlib, 6, towardsServer: false);
        byte[] small = new byte[100];
        Assert.Equal(0, await channel.ReceiveAsync(small));
        Assert.Equal(small.Length, scripted.LargestBuffer);
    }

    [Fact]
    public async Task Each_command_to_a_server_starts_frames_of_its_own()
    {
        var wire = new ScriptedChannel([]);
        using var channel = new CompressedChannel(wire, CompressionAlgorithm.Zlib, 6, towardsServer: true);
        await channel.SendAsync((byte[])[.. Packet(0, 9), .. Packet(0, 200_000), .. Packet(1, 5), .. Packet(0, 1)]);
        Assert.Equal([0, 0, 1, 2, 3, 0], Headers(wire).Select(h => (int)h.Sequence));
        Assert.Equal(13, Headers(wire)[0].Length);
        Assert.Equal(5, Headers(wire)[^1].Length);
    }

    [Fact]
    public async Task A_command_may_come_in_pieces()
    {
        var wire = new ScriptedChannel([]);
        using var channel = new CompressedChannel(wire, CompressionAlgorithm.Zlib, 6, towardsServer: true);
        byte[] command = new byte[4 + 40 + 4 + 4];
        PacketHeader.Write(command, 40, 0);
        PacketHeader.Write(command.AsSpan(44), 4, 1);
        await channel.SendAsync(command.AsMemory(0, 10));
        await channel.SendAsync(command.AsMemory(10, 34));
        await channel.SendAsync(command.AsMemory(44));
        await channel.SendAsync(Packet(0, 1));
        Assert.Equal([0, 1, 2, 0], Headers(wire).Select(h => (int)h.Sequence));
    }

    [Fact]
    public async Task A_long_local_file_is_no_new_command_when_its_numbers_start_again()
    {
        // Command, request for the file (frame 1), 300 packets of it, OK, and the next command.
        var wire = new ScriptedChannel([.. Frames.Lie(new(1, 1, 0), [1]), .. Frames.Lie(new(1, 46, 0), [2])]);
        using var channel = new CompressedChannel(wire, CompressionAlgorithm.Zlib, 6, towardsServer: true);
        byte[] buffer = new byte[10];
        await channel.SendAsync(Packet(0, 20));
        await channel.ReceiveAsync(buffer.AsMemory(0, 8));
        for (int i = 2; i < 302; i++)
        {
            await channel.SendAsync(Packet((byte)i, 30));
        }

        await channel.ReceiveAsync(buffer);
        await channel.SendAsync(Packet(0, 20));
        Assert.Equal([0, .. Enumerable.Range(2, 300).Select(i => i % 256), 0], Headers(wire).Select(h => (int)h.Sequence));
    }

    [Fact]
    public async Task Answers_to_a_client_go_on_counting_where_its_command_ended()
    {
        var wire = new ScriptedChannel(Frames.Write(CompressionAlgorithm.Zlib, Packet(0, 100), [1], [2]));
        using var channel = new CompressedChannel(wire, CompressionAlgorithm.Zlib, 6, towardsServer: false);
        byte[] buffer = new byte[1000];
        while (await channel.ReceiveAsync(buffer) > 0)
        {
        }

        await channel.SendAsync(Packet(1, 100_000));
        await channel.SendAsync(Packet(2, 5));
        Assert.Equal([3, 4, 5], Headers(wire).Select(h => (int)h.Sequence));
    }

    private static List<FrameHeader> Headers(ScriptedChannel wire)
    {
        List<FrameHeader> headers = [];
        byte[] heard = [.. wire.Heard];
        for (int at = 0; at < heard.Length; at += FrameHeader.Size + headers[^1].Length)
        {
            headers.Add(FrameHeader.Read(heard.AsSpan(at)));
        }

        return headers;
    }

    private static byte[] Packet(byte sequence, int length)
    {
        byte[] packet = [0, 0, 0, 0, .. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];
        PacketHeader.Write(packet, length, sequence);
        return packet;
    }
}
