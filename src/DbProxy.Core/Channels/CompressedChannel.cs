using System.Buffers;
using System.Runtime.CompilerServices;
using DbProxy.Protocol;
using DbProxy.Protocol.Compression;
using DbProxy.Transport;

namespace DbProxy.Core.Channels;

/// <summary>Compressed frames over a socket or TLS, from the end of a login on. Holds no memory between frames.</summary>
/// <param name="inner">What carries the frames; disposed with this channel.</param>
/// <param name="algorithm">Zlib or Zstd.</param>
/// <param name="level">The level to compress with.</param>
/// <param name="towardsServer">Whether this side asks and the other one answers.</param>
internal sealed class CompressedChannel(ByteChannel inner, CompressionAlgorithm algorithm, int level, bool towardsServer) : ByteChannel
{
    // A frame carries what the relay sends at once: larger ones compress hardly better and keep the other side waiting.
    private const int FrameSize = 64 << 10;

    // What may be compressed and unpacked on a thread that serves sockets: 20 to 30 µs either way, measured with zlib at
    // level 6, about what leaving the thread costs every other session there.
    private const int InlineCompress = 1 << 10;
    private const int InlineUnpack = 4 << 10;

    private readonly FrameReader _reader = new(algorithm) { ChecksSequence = !towardsServer };
    private readonly FrameWriter _writer = new(algorithm, level);
    private int _packetRest;
    private byte _lastPacket;
    private bool _heard = true;
    private string? _violation;

    public override bool IsSecure => inner.IsSecure;

    public override bool HasInput => !_reader.IsEmpty || inner.HasInput;

    /// <summary>False: the peer numbers packets after the frames, so a packet's own number says nothing.</summary>
    public override bool NumbersPackets => false;

    public override string? Violation => _violation;

    public override bool WasBroken => inner.WasBroken;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        _heard = true;
        try
        {
            while (true)
            {
                if (Math.Min(_reader.Pending, buffer.Length) > InlineUnpack)
                {
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                int count = _reader.Read(buffer.Span);
                if (count > 0)
                {
                    return count;
                }

                count = await FillAsync(buffer);
                if (count <= 0)
                {
                    return -count;
                }
            }
        }
        catch (MalformedPacketException e)
        {
            _violation = e.Message;
            return 0;
        }
    }

    /// <summary>Receives more of a frame: 1, or minus the bytes that could go into the caller's buffer; 0 when the peer is gone.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FillAsync(Memory<byte> buffer)
    {
        if (_reader.Direct is var direct and > 0)
        {
            int count = await inner.ReceiveAsync(buffer[..Math.Min(direct, buffer.Length)]);
            _reader.Passed(count);
            return -count;
        }

        // An idle peer is waited for with the caller's small buffer; only what has arrived gets one of its own.
        bool idle = _reader.IsEmpty;
        Memory<byte> room = idle ? buffer : _reader.GetRoom();
        int received = await inner.ReceiveAsync(room);
        if (idle)
        {
            _reader.Append(room.Span[..received]);
        }
        else
        {
            _reader.Advance(received);
        }

        return Math.Min(received, 1);
    }

    public override async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > InlineCompress)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        byte[] frames = ArrayPool<byte>.Shared.Rent(FrameWriter.Bound(Math.Min(bytes.Length, FrameSize)));
        try
        {
            int end = 0;
            while (bytes.Length > 0)
            {
                int conversation = towardsServer ? BeginConversation(bytes.Span) : bytes.Length;
                for (ReadOnlyMemory<byte> rest = bytes[..conversation]; rest.Length > 0;)
                {
                    int size = Math.Min(rest.Length, FrameSize);
                    if (FrameWriter.Bound(size) > frames.Length - end)
                    {
                        if (!await inner.SendAsync(frames.AsMemory(0, end)))
                        {
                            return false;
                        }

                        end = 0;
                    }

                    end += _writer.Write(rest.Span[..size], _reader.NextSequence++, frames, end);
                    rest = rest[size..];
                }

                bytes = bytes[conversation..];
            }

            return await inner.SendAsync(frames.AsMemory(0, end));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frames);
        }
    }

    /// <summary>
    /// How many of the bytes belong to one command. Each starts frames of its own, numbered from 0: a server answers after
    /// the frame that ends the command, and would lose what came behind it in the same frame. A packet's header comes in one
    /// piece, the rest of it in any.
    /// </summary>
    private int BeginConversation(ReadOnlySpan<byte> bytes)
    {
        long length = _packetRest;
        while (bytes.Length - length >= PacketHeader.Size)
        {
            ReadOnlySpan<byte> header = bytes[(int)length..];
            byte sequence = PacketHeader.ReadSequence(header);

            // Packets of a long local file come to 0 again without an answer in between.
            bool begins = sequence == 0 && (_heard || _lastPacket != byte.MaxValue);
            if (begins && length > 0)
            {
                break;
            }

            if (begins)
            {
                _reader.NextSequence = 0;
            }

            (_lastPacket, _heard) = (sequence, false);
            length += PacketHeader.Size + PacketHeader.ReadLength(header);
        }

        int here = (int)Math.Min(length, bytes.Length);
        _packetRest = (int)(length - here);
        return here;
    }

    public override void Abort() => inner.Abort();

    public override void Dispose()
    {
        inner.Dispose();
        _reader.Dispose();
    }
}
