using System.Buffers.Binary;

namespace DbProxy.Protocol;

/// <summary>Reads the fields of one packet's payload, front to back. Spans it returns alias the payload.</summary>
/// <remarks>Every read is bounds-checked and throws <see cref="MalformedPacketException"/> past the end.</remarks>
public ref struct PacketReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    /// <summary>Bytes consumed so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not yet consumed.</summary>
    public readonly int Remaining => _payload.Length - Position;

    /// <summary>The bytes not yet consumed; doesn't consume them.</summary>
    public readonly ReadOnlySpan<byte> Rest => _payload[Position..];

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => ReadBytes(1)[0];

    /// <summary>Reads a two-byte little-endian integer.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    /// <summary>Reads a three-byte little-endian integer.</summary>
    public uint ReadUInt24()
    {
        var b = ReadBytes(3);
        return (uint)(b[0] | b[1] << 8 | b[2] << 16);
    }

    /// <summary>Reads a four-byte little-endian integer.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>Reads an eight-byte little-endian integer.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        // The cast makes a negative count (an overflowed length) too large as well.
        if ((uint)count > (uint)Remaining)
        {
            MalformedPacketException.Throw($"Packet ends early: {count} bytes wanted at offset {Position} of {_payload.Length}.");
        }
        var result = _payload.Slice(Position, count);
        Position += count;
        return result;
    }

    /// <summary>Skips <paramref name="count"/> bytes.</summary>
    public void Skip(int count) => ReadBytes(count);

    /// <summary>Reads whatever is left, possibly nothing.</summary>
    public ReadOnlySpan<byte> ReadRest() => ReadBytes(Remaining);

    /// <summary>Reads a length-encoded integer; the markers 0xFB (NULL) and 0xFF are malformed here.</summary>
    public ulong ReadLengthEncodedInteger()
    {
        var first = ReadByte();
        switch (first)
        {
            case < 0xFB: return first;
            case 0xFC: return ReadUInt16();
            case 0xFD: return ReadUInt24();
            case 0xFE: return ReadUInt64();
            default:
                MalformedPacketException.Throw($"0x{first:X2} does not start a length-encoded integer.");
                return 0;
        }
    }

    /// <summary>Reads a length-encoded string's bytes.</summary>
    public ReadOnlySpan<byte> ReadLengthEncodedBytes()
    {
        var length = ReadLengthEncodedInteger();
        if (length > (ulong)Remaining)
        {
            MalformedPacketException.Throw($"String of {length} bytes in a packet with {Remaining} left.");
        }
        return ReadBytes((int)length);
    }

    /// <summary>Reads a length-encoded string that may be NULL (0xFB), as in rows of a text result.</summary>
    /// <returns>False for NULL.</returns>
    public bool TryReadLengthEncodedBytes(out ReadOnlySpan<byte> value)
    {
        if (Remaining > 0 && _payload[Position] == 0xFB)
        {
            Position++;
            value = default;
            return false;
        }
        value = ReadLengthEncodedBytes();
        return true;
    }

    /// <summary>Reads up to a zero byte, which is consumed and not returned.</summary>
    public ReadOnlySpan<byte> ReadNullTerminated()
    {
        var length = Rest.IndexOf((byte)0);
        if (length < 0)
        {
            MalformedPacketException.Throw($"No zero byte ends the string at offset {Position}.");
        }
        var result = ReadBytes(length);
        Position++;
        return result;
    }

    /// <summary>
    /// Reads up to a zero byte or to the packet's end. For tails that some peers send without their zero byte
    /// (MySQL bug 59453: the plugin name of the greeting).
    /// </summary>
    public ReadOnlySpan<byte> ReadNullTerminatedOrRest() =>
        Rest.Contains((byte)0) ? ReadNullTerminated() : ReadRest();

    /// <summary>Reads one byte if there is one.</summary>
    public bool TryReadByte(out byte value)
    {
        if (Remaining == 0)
        {
            value = 0;
            return false;
        }
        value = ReadByte();
        return true;
    }

    /// <summary>Reads a two-byte integer if there are two bytes left; consumes nothing otherwise.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        if (Remaining < 2)
        {
            value = 0;
            return false;
        }
        value = ReadUInt16();
        return true;
    }
}
