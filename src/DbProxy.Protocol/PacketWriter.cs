using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DbProxy.Protocol;

/// <summary>
/// Collects framed packets in one pooled buffer: <see cref="Begin"/>, fields, <see cref="End"/>, and again for the
/// next packet. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// <see cref="Clear"/> keeps the buffer for the next packets; <see cref="Dispose"/> gives it back to the pool, after
/// which the writer may be used again (an idle session holds no memory).
/// </remarks>
public sealed class PacketWriter : IDisposable
{
    private const int NotInPacket = -1;
    private const int FirstBufferSize = 512;

    private byte[] _buffer = [];
    private int _written;
    private int _packetStart = NotInPacket;
    private byte _sequence;

    /// <summary>All finished packets (and, inside a packet, its beginning). Valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _written);

    /// <summary>As <see cref="WrittenMemory"/>.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _written);

    /// <summary>Bytes written since the last <see cref="Clear"/>, headers included.</summary>
    public int WrittenCount => _written;

    /// <summary>Starts a packet with this sequence number.</summary>
    /// <exception cref="InvalidOperationException">The packet before wasn't ended.</exception>
    public void Begin(byte sequence)
    {
        if (_packetStart != NotInPacket)
        {
            throw new InvalidOperationException("End() the packet before the next Begin().");
        }
        _packetStart = _written;
        _sequence = sequence;
        Reserve(PacketHeader.Size);
    }

    /// <summary>
    /// Ends the packet and fills in its header. A payload of 0xFFFFFF bytes or more becomes several packets, the last
    /// one shorter than that, if need be empty.
    /// </summary>
    /// <returns>The sequence number that follows (wraps at 256).</returns>
    /// <exception cref="InvalidOperationException">No packet was begun.</exception>
    public byte End()
    {
        if (_packetStart == NotInPacket)
        {
            throw new InvalidOperationException("Begin() comes before End().");
        }
        var start = _packetStart;
        _packetStart = NotInPacket;
        var length = _written - start - PacketHeader.Size;
        if (length < PacketHeader.MaxPayload)
        {
            PacketHeader.Write(_buffer.AsSpan(start), length, _sequence);
            return (byte)(_sequence + 1);
        }
        return Split(start, length);
    }

    // Opens a gap for each further header, from the back so that no byte is overwritten before it moved.
    private byte Split(int start, int length)
    {
        var furtherPackets = length / PacketHeader.MaxPayload;
        Reserve(furtherPackets * PacketHeader.Size);
        var buffer = _buffer.AsSpan(start, length + (furtherPackets + 1) * PacketHeader.Size);
        for (var i = furtherPackets; i >= 0; i--)
        {
            var offset = i * PacketHeader.MaxPayload;
            var count = Math.Min(PacketHeader.MaxPayload, length - offset);
            var header = offset + i * PacketHeader.Size;
            buffer.Slice(offset + PacketHeader.Size, count).CopyTo(buffer[(header + PacketHeader.Size)..]);
            PacketHeader.Write(buffer[header..], count, (byte)(_sequence + i));
        }
        return (byte)(_sequence + furtherPackets + 1);
    }

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Reserve(1)[0] = value;

    /// <summary>Writes a two-byte little-endian integer.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    /// <summary>Writes the low three bytes of an integer, little-endian.</summary>
    public void WriteUInt24(uint value)
    {
        var span = Reserve(3);
        span[2] = (byte)(value >> 16);
        span[1] = (byte)(value >> 8);
        span[0] = (byte)value;
    }

    /// <summary>Writes a four-byte little-endian integer.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    /// <summary>Writes an eight-byte little-endian integer.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    /// <summary>Writes a length-encoded integer in its shortest form.</summary>
    public void WriteLengthEncodedInteger(ulong value)
    {
        switch (value)
        {
            case < 0xFB:
                WriteByte((byte)value);
                break;
            case <= 0xFFFF:
                WriteByte(0xFC);
                WriteUInt16((ushort)value);
                break;
            case <= 0xFFFFFF:
                WriteByte(0xFD);
                WriteUInt24((uint)value);
                break;
            default:
                WriteByte(0xFE);
                WriteUInt64(value);
                break;
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>Writes a text as UTF-8, without length or end.</summary>
    public void WriteText(string value) => Encoding.UTF8.GetBytes(value, Reserve(Encoding.UTF8.GetByteCount(value)));

    /// <summary>Writes a length and the bytes.</summary>
    public void WriteLengthEncodedBytes(ReadOnlySpan<byte> value)
    {
        WriteLengthEncodedInteger((ulong)value.Length);
        WriteBytes(value);
    }

    /// <summary>Writes a length and the text as UTF-8.</summary>
    public void WriteLengthEncodedText(string value)
    {
        WriteLengthEncodedInteger((ulong)Encoding.UTF8.GetByteCount(value));
        WriteText(value);
    }

    /// <summary>Writes the NULL of a text row.</summary>
    public void WriteNull() => WriteByte(0xFB);

    /// <summary>Writes the bytes and a zero byte.</summary>
    /// <exception cref="ArgumentException">The value holds a zero byte itself, which would start another field.</exception>
    public void WriteNullTerminated(ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0))
        {
            throw new ArgumentException("A zero byte cannot be part of a null-terminated string.", nameof(value));
        }
        WriteBytes(value);
        WriteByte(0);
    }

    /// <summary>Writes <paramref name="count"/> zero bytes.</summary>
    public void WriteZeros(int count) => Reserve(count).Clear();

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear()
    {
        _written = 0;
        _packetStart = NotInPacket;
    }

    /// <summary>Forgets what was written and gives the buffer back to the pool. The writer stays usable.</summary>
    public void Dispose()
    {
        Clear();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (count > _buffer.Length - _written)
        {
            Grow(checked(_written + count));
        }
        var span = _buffer.AsSpan(_written, count);
        _written += count;
        return span;
    }

    private void Grow(int needed)
    {
        var doubled = (int)Math.Min((long)_buffer.Length * 2, Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, doubled), FirstBufferSize));
        WrittenSpan.CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _buffer = larger;
    }
}
