using System.Buffers;
using DbProxy.Protocol;

namespace DbProxy.Core.Channels;

/// <summary>What <see cref="PacketInput.ReadAsync"/> found.</summary>
internal enum InputResult : byte { Packet, Closed, TooLarge, BadSequence }

/// <summary>
/// Packets from one peer, one at a time. While the peer is idle only a small buffer is held; a larger one is rented for a
/// packet that needs it and given back behind it. A payload of 16 MiB or more comes in several packets: the first is read
/// whole, and the others by <see cref="ReadRestAsync"/> piece by piece as they arrive.
/// </summary>
internal sealed partial class PacketInput(ByteChannel channel) : IDisposable
{
    // Measured: 9 of 10 statements of ordinary applications fit; 2,000 idle clients hold 1 MB.
    private const int IdleSize = 512;

    private readonly byte[] _idle = new byte[IdleSize];
    private byte[]? _rented;
    private int _start;
    private int _end;
    private int _packetLength;

    /// <summary>
    /// Largest packet taken, in bytes of payload. Until the owner raises it, what a login needs (connection attributes
    /// may take 64 KiB): a stranger must not make the proxy hold more.
    /// </summary>
    public int MaxPacket { get; set; } = 128 << 10;

    /// <summary>The channel read from; changes once when the peer upgrades to TLS.</summary>
    public ByteChannel Channel { get; set; } = channel;

    /// <summary>When set, never reads past the current packet: bytes behind it may belong to a TLS handshake.</summary>
    public bool Exact { get; set; }

    /// <summary>The current packet as on the wire, header and payload; several of them behind <see cref="ReadWholeAsync"/>.</summary>
    public Memory<byte> Packet => Buffer.AsMemory(_start, _packetLength);

    /// <summary>The current packet's (first) payload; empty once the rest has been asked for.</summary>
    public Span<byte> Payload
    {
        get
        {
            Span<byte> packet = Buffer.AsSpan(_start, _packetLength);
            return packet.IsEmpty ? packet : packet.Slice(PacketHeader.Size, PacketHeader.ReadLength(packet));
        }
    }

    /// <summary>Sequence id of the current packet's last part.</summary>
    public byte Sequence { get; private set; }

    private byte[] Buffer => _rented ?? _idle;

    /// <summary>Bytes received behind the current packet: the peer didn't wait for an answer.</summary>
    public bool HasMore => _end > _start + _packetLength + _behind;

    /// <summary>Forgets the current packet and reads the next one.</summary>
    /// <param name="sequence">The sequence id that it must have; -1 for any.</param>
    public ValueTask<InputResult> ReadAsync(int sequence)
    {
        if (HasRest)
        {
            return ReadBehindRestAsync(sequence);
        }

        Consume();
        return Complete() && !IsLong ? new(Check(sequence)) : ReadSlowAsync(sequence);
    }

    private bool IsLong => PacketHeader.ReadLength(Buffer.AsSpan(_start)) == PacketHeader.MaxPayload;

    private void Consume()
    {
        IsRestTaken = false;
        _start += _packetLength + _behind;
        _packetLength = _behind = Answered = 0;
        if (_start == _end)
        {
            _start = _end = 0;
            if (_rented is not null)
            {
                ArrayPool<byte>.Shared.Return(_rented);
                _rented = null;
            }
        }
    }

    /// <summary>Whether one wire packet is complete at the start; sets the length if so.</summary>
    private bool Complete()
    {
        int available = _end - _start;
        if (available < PacketHeader.Size)
        {
            return false;
        }

        int length = PacketHeader.Size + PacketHeader.ReadLength(Buffer.AsSpan(_start));
        if (available < length)
        {
            return false;
        }

        _packetLength = length;
        return true;
    }

    private InputResult Check(int sequence)
    {
        Sequence = Buffer[_start + 3];
        return sequence < 0 || Sequence == sequence ? InputResult.Packet : InputResult.BadSequence;
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InputResult> ReadSlowAsync(int sequence, int total = 0, bool whole = false)
    {
        if (_end == 0 && !Exact)
        {
            // Nearly always one receive brings one whole packet; waiting here costs one suspended method less.
            _end = await Channel.ReceiveAsync(Buffer);
            if (_end == 0)
            {
                return InputResult.Closed;
            }

            if (Complete() && !IsLong)
            {
                return Check(sequence);
            }
        }

        while (true)
        {
            // Each part: its header first, then what the header promises.
            if (!await FillAsync(total + PacketHeader.Size))
            {
                return InputResult.Closed;
            }

            int length = PacketHeader.ReadLength(Buffer.AsSpan(_start + total));
            if (sequence >= 0 && Buffer[_start + total + 3] != (byte)sequence)
            {
                return InputResult.BadSequence;
            }

            if (total + (long)length > MaxPacket)
            {
                return Refuse(total);
            }

            total += PacketHeader.Size + length;
            if (!await FillAsync(total))
            {
                return InputResult.Closed;
            }

            if (length < PacketHeader.MaxPayload || !whole)
            {
                _packetLength = total;
                Sequence = Buffer[_start + total - length - 1];
                HasRest = length == PacketHeader.MaxPayload;
                _restTotal = length;
                return InputResult.Packet;
            }

            sequence = sequence < 0 ? -1 : (byte)(sequence + 1);
        }
    }

    /// <summary>Receives until <paramref name="count"/> bytes stand behind the start; false when the peer is gone.</summary>
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(int count)
    {
        while (_end - _start < count)
        {
            Reserve(count);
            int limit = Exact || count > Block ? Math.Min(_start + count, Buffer.Length) : Buffer.Length;
            int received = await Channel.ReceiveAsync(Buffer.AsMemory(_end, limit - _end));
            if (received == 0)
            {
                return false;
            }

            _end += received;
        }

        return true;
    }

    private void Reserve(int count)
    {
        if (_start + count <= Buffer.Length || _end < Buffer.Length)
        {
            return;
        }

        byte[] old = Buffer;
        if (count <= old.Length)
        {
            old.AsSpan(_start, _end - _start).CopyTo(old);
        }
        else
        {
            // Room grows with the bytes that really arrive: a header that lies about its length costs nothing.
            int size = Math.Min(count, Math.Max(4 * old.Length, 16 << 10));
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, _end - _start + 1));
            old.AsSpan(_start, _end - _start).CopyTo(larger);
            if (_rented is not null)
            {
                ArrayPool<byte>.Shared.Return(_rented);
            }

            _rented = larger;
        }

        _end -= _start;
        _start = 0;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _start = _end = _packetLength = 0;
    }
}
