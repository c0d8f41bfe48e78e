using System.Buffers;

namespace DbProxy.Protocol.Compression;

/// <summary>
/// Takes frames in as they arrive and gives their plain bytes out. Memory is that of the bytes that really arrived, at
/// most one frame and what came with it, and none between frames.
/// </summary>
/// <remarks>
/// Use: <see cref="Read"/> until it gives 0; then receive into <see cref="GetRoom"/> and say so by <see cref="Advance"/>,
/// or give bytes received elsewhere to <see cref="Append"/>. Not safe for concurrent use.
/// </remarks>
public sealed class FrameReader(CompressionAlgorithm algorithm) : IDisposable
{
    private const int FirstRoom = 4 << 10;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private FrameHeader _frame;
    private int _plainRest;
    private FrameDecoder? _decoder;

    /// <summary>The number that a frame of the same conversation must have next.</summary>
    public byte NextSequence { get; set; }

    /// <summary>Whether only the next number, or 0 for a new conversation, is right. Off towards servers that were sent
    /// several commands at once: their answers each start anew.</summary>
    public bool ChecksSequence { get; init; }

    /// <summary>Nothing is held: what arrives next is the start of a frame, or the rest of an uncompressed one.</summary>
    public bool IsEmpty => _start == _end && _decoder is null;

    /// <summary>
    /// Bytes of an uncompressed frame that have yet to arrive and may be received where they are wanted (see
    /// <see cref="Passed"/>); 0: they must go through this reader.
    /// </summary>
    public int Direct => _start == _end && _decoder is null ? _plainRest : 0;

    /// <summary>How many bytes the next <see cref="Read"/> may have to unpack: the CPU that it costs.</summary>
    public int Pending => _decoder is not null ? _plainRest
        : _plainRest == 0 && _end - _start >= FrameHeader.Size && FrameHeader.Read(_buffer.AsSpan(_start)) is { IsCompressed: true } next
            && _end - _start - FrameHeader.Size >= next.Length ? next.PlainLength : 0;

    /// <summary>Room for at least one byte more.</summary>
    public Memory<byte> GetRoom()
    {
        if (_end == _buffer.Length)
        {
            // Four times what has arrived: a header that lies about its length costs next to nothing.
            int held = _end - _start;
            Replace(Math.Max(held + 1, Math.Min(held + Missing, Math.Max(FirstRoom, 4 * held))));
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were received into <see cref="GetRoom"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes bytes that were received elsewhere.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
        {
            Replace(_end - _start + bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>So many bytes of <see cref="Direct"/> were received elsewhere.</summary>
    public void Passed(int count) => _plainRest -= count;

    /// <summary>The next plain bytes; 0: more must arrive first.</summary>
    /// <param name="destination">Room for at least one byte.</param>
    /// <exception cref="MalformedPacketException">A length that lies, payload that cannot be unpacked, or a wrong number.</exception>
    public int Read(Span<byte> destination)
    {
        int count = _decoder is null && _plainRest == 0 && !TryBegin() ? 0
            : _decoder is null ? TakePlain(destination)
            : Unpack(destination);
        GiveBack();
        return count;
    }

    /// <summary>Gives the memory back; also in the middle of a frame.</summary>
    public void Dispose()
    {
        _decoder?.Dispose();
        _decoder = null;
        _start = _end = _plainRest = 0;
        GiveBack();
    }

    private int Missing
    {
        get
        {
            int held = _end - _start;
            return held < FrameHeader.Size ? FrameHeader.Size - held
                : Math.Max(1, FrameHeader.Size + FrameHeader.Read(_buffer.AsSpan(_start)).Length - held);
        }
    }

    /// <summary>Starts on the next frame if enough of it is here: its header, and the payload if that is compressed.</summary>
    private bool TryBegin()
    {
        if (_end - _start < FrameHeader.Size)
        {
            return false;
        }

        var frame = FrameHeader.Read(_buffer.AsSpan(_start));
        if (frame.Length == 0)
        {
            throw new MalformedPacketException("A compressed packet without content.");
        }

        if (ChecksSequence && frame.Sequence != NextSequence && frame.Sequence != 0)
        {
            throw new MalformedPacketException($"Compressed packet {frame.Sequence} where {NextSequence} was due.");
        }

        if (frame.IsCompressed && _end - _start - FrameHeader.Size < frame.Length)
        {
            return false;
        }

        _frame = frame;
        NextSequence = (byte)(frame.Sequence + 1);
        _start += FrameHeader.Size;
        _plainRest = frame.IsCompressed ? frame.PlainLength : frame.Length;
        _decoder = frame.IsCompressed ? FrameDecoder.Create(algorithm, _buffer, _start, frame) : null;
        return true;
    }

    private int TakePlain(Span<byte> destination)
    {
        int count = Math.Min(Math.Min(_plainRest, _end - _start), destination.Length);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        _plainRest -= count;
        return count;
    }

    private int Unpack(Span<byte> destination)
    {
        int count = _decoder!.Read(destination[..Math.Min(destination.Length, _plainRest)]);
        _plainRest -= count;
        if (count == 0)
        {
            throw new MalformedPacketException($"A compressed packet of {_frame.PlainLength} bytes ended {_plainRest} bytes early.");
        }

        if (_plainRest == 0)
        {
            // The read beyond the end also has the checksum verified.
            Span<byte> beyond = stackalloc byte[1];
            if (_decoder.Read(beyond) != 0)
            {
                throw new MalformedPacketException($"A compressed packet is longer than the {_frame.PlainLength} bytes that it claims.");
            }

            _decoder.Dispose();
            _decoder = null;
            _start += _frame.Length;
        }

        return count;
    }

    private void Replace(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _end, _start) = (larger, _end - _start, 0);
    }

    private void GiveBack()
    {
        if (_start == _end && _decoder is null)
        {
            _start = _end = 0;
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = [];
            }
        }
    }
}
