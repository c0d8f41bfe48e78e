using System.Buffers;
using DbProxy.Protocol;

namespace DbProxy.Core.Channels;

/// <content>Payloads that are passed on while they arrive, in one block of memory however large they are.</content>
internal sealed partial class PacketInput
{
    // As the blocks of a streamed result: see CommandRelay. Beyond it no more is received than the packet needs.
    private const int Block = 64 << 10;

    private int _restLength;
    private long _restTotal;
    private bool _restEnds;

    /// <summary>Whether more of the current payload is to come from the peer.</summary>
    public bool HasRest { get; private set; }

    /// <summary>Whether some of the rest was taken: what was read before is gone, and the command cannot be sent again.</summary>
    public bool IsRestTaken { get; private set; }

    /// <summary>The piece that <see cref="ReadRestAsync"/> read: as on the wire, headers included.</summary>
    public Memory<byte> Rest => Buffer.AsMemory(_start, _packetLength);

    /// <summary>Whether <see cref="Rest"/> begins with a packet's header.</summary>
    public bool RestBeginsPacket { get; private set; }

    /// <summary>Bytes of payload so far, headers not counted.</summary>
    public long RestTotal => _restTotal;

    /// <summary>Makes the peer's next packet one that is all rest: nothing of it is read yet.</summary>
    public void BeginStreamed()
    {
        Consume();
        HasRest = true;
        _restLength = 0;
        _restTotal = 0;
        _restEnds = false;
    }

    /// <summary>
    /// Reads the next piece of the current payload into <see cref="Rest"/>; with the last one <see cref="HasRest"/> is
    /// false. TooLarge leaves what is too large unread; see <see cref="SkipRestAsync"/>.
    /// </summary>
    public ValueTask<InputResult> ReadRestAsync() => ReadPieceAsync(isLimited: true);

    private async ValueTask<InputResult> ReadPieceAsync(bool isLimited)
    {
        TakeBlock();
        RestBeginsPacket = _restLength == 0;
        int head = 0;
        if (RestBeginsPacket)
        {
            if (!await FillAsync(PacketHeader.Size))
            {
                return Gone();
            }

            int length = PacketHeader.ReadLength(Buffer.AsSpan(_start));
            if (isLimited && _restTotal + length > MaxPacket)
            {
                return InputResult.TooLarge;
            }

            if (isLimited && _restTotal > 0 && Buffer[_start + 3] != (byte)(Sequence + 1))
            {
                return InputResult.BadSequence;
            }

            Sequence = Buffer[_start + 3];
            head = PacketHeader.Size;
            _restLength = length;
            _restTotal += length;
            _restEnds = length < PacketHeader.MaxPayload;
        }

        if (_restLength > 0 && !await FillAsync(head + 1))
        {
            return Gone();
        }

        int take = Math.Min(_restLength, _end - _start - head);
        _restLength -= take;
        _packetLength = head + take;
        HasRest = _restLength > 0 || !_restEnds;
        return InputResult.Packet;
    }

    /// <summary>Drops the rest of the current payload, however long it is. False when the peer is gone.</summary>
    public async ValueTask<bool> SkipRestAsync()
    {
        while (HasRest)
        {
            if (await ReadPieceAsync(isLimited: false) != InputResult.Packet)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads the current payload to its end and keeps it all: <see cref="Packet"/> then has several headers.</summary>
    public async ValueTask<InputResult> ReadWholeAsync()
    {
        if (!HasRest)
        {
            return InputResult.Packet;
        }

        int read = _packetLength;
        _packetLength = 0;
        HasRest = false;
        return await ReadSlowAsync((byte)(Sequence + 1), read, whole: true);
    }

    /// <summary>The payload without headers, put together where it came in several packets.</summary>
    public byte[] CopyPayload()
    {
        ReadOnlySpan<byte> packet = Packet.Span;
        int headers = PacketHeader.Size * ((packet.Length / (PacketHeader.MaxPayload + PacketHeader.Size)) + 1);
        byte[] whole = new byte[packet.Length - headers];
        for (Span<byte> to = whole; !packet.IsEmpty;)
        {
            int length = PacketHeader.ReadLength(packet);
            packet.Slice(PacketHeader.Size, length).CopyTo(to);
            to = to[length..];
            packet = packet[(PacketHeader.Size + length)..];
        }

        return whole;
    }

    /// <summary>What stands at the start is too large, so that it is not read in; it can be skipped as a rest.</summary>
    private InputResult Refuse(int read)
    {
        _start += read;
        HasRest = true;
        _restLength = 0;
        _restTotal = read;
        return InputResult.TooLarge;
    }

    private InputResult Gone()
    {
        HasRest = false;
        return InputResult.Closed;
    }

    private async ValueTask<InputResult> ReadBehindRestAsync(int sequence) =>
        await SkipRestAsync() ? await ReadAsync(sequence) : InputResult.Closed;

    /// <summary>Forgets what was handed out, and changes to a block of ordinary size.</summary>
    private void TakeBlock()
    {
        IsRestTaken = true;
        _start += _packetLength;
        _packetLength = 0;
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (Buffer.Length < Block || (Buffer.Length > 2 * Block && _end - _start <= Block))
        {
            byte[] block = ArrayPool<byte>.Shared.Rent(Block);
            Buffer.AsSpan(_start, _end - _start).CopyTo(block);
            (_end, _start) = (_end - _start, 0);
            if (_rented is not null)
            {
                ArrayPool<byte>.Shared.Return(_rented);
            }

            _rented = block;
        }
    }
}
