using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DbProxy.Sql;

/// <summary>Takes the digest's text and either keeps its beginning or hashes all of it, one buffer at a time.</summary>
internal ref struct DigestWriter(Span<byte> buffer, bool hashes)
{
    private const ulong Seed = 0x9AE16A3B2F90404F;
    private const ulong Factor = 0xD6E8FEB86659FD93;

    private readonly Span<byte> _buffer = buffer;
    private ulong _hash = Seed;
    private long _total;
    private int _used;

    /// <summary>The text didn't fit: whatever follows is dropped.</summary>
    public bool IsFull { get; private set; }

    public void Append(scoped ReadOnlySpan<byte> text)
    {
        while (!IsFull && !text.IsEmpty)
        {
            if (_used == _buffer.Length && !MakeRoom())
                return;
            var taken = Math.Min(text.Length, _buffer.Length - _used);
            text[..taken].CopyTo(_buffer[_used..]);
            _used += taken;
            text = text[taken..];
        }
    }

    [SkipLocalsInit]
    public void AppendUpper(scoped ReadOnlySpan<byte> word)
    {
        Span<byte> upper = stackalloc byte[WordTable.LongestWord];
        System.Text.Ascii.ToUpper(word, upper, out var written);
        Append(upper[..written]);
    }

    public ulong FinishHash()
    {
        HashBuffer();
        return Mix(_hash, (ulong)_total);
    }

    /// <summary>The text's length, without a character that was cut in two.</summary>
    public readonly int FinishText()
    {
        var length = _used;
        if (!IsFull)
            return length;
        var lead = length;
        while (lead > 0 && length - lead < 4 && (_buffer[lead - 1] & 0xC0) == 0x80)
            lead--;
        if (lead == 0 || _buffer[lead - 1] < 0xC0)
            return length;
        var needed = _buffer[lead - 1] switch { >= 0xF0 => 4, >= 0xE0 => 3, _ => 2 };
        return length - (lead - 1) < needed ? lead - 1 : length;
    }

    private bool MakeRoom()
    {
        if (hashes)
            HashBuffer();
        else
            IsFull = true;
        return hashes;
    }

    private void HashBuffer()
    {
        var rest = _buffer[.._used];
        for (; rest.Length >= 8; rest = rest[8..])
            _hash = Mix(_hash, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        ulong tail = 0;
        foreach (var b in rest)
            tail = (tail << 8) | b;
        _hash = Mix(_hash, tail);
        _total += _used;
        _used = 0;
    }

    // A 128-bit product folded to its halves' difference: each input bit reaches each output bit.
    private static ulong Mix(ulong hash, ulong value)
    {
        var high = Math.BigMul(hash ^ value, Factor, out var low);
        return high ^ low ^ Seed + hash;
    }
}
