using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace DbProxy.Sql;

/// <summary>
/// Looks words up without regard to ASCII case: open addressing over the first eight bytes with bit 5 set, which for the bytes
/// that can stand in a name differ only by case. Most words of real statements are no keywords and end at an empty slot.
/// </summary>
internal sealed class WordTable
{
    /// <summary>No word of any table is longer; the constructor checks.</summary>
    public const int LongestWord = 40;

    // Sparse on purpose: about one slot in five is taken, so that a miss costs one probe.
    private const int SlotBits = 11;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const ulong CaseBits = 0x2020202020202020;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];
    private readonly byte[][] _words;

    /// <param name="words">Word n is found as n + 1; an empty string stands for no word.</param>
    public WordTable(IReadOnlyList<string> words)
    {
        _words = new byte[words.Count + 1][];
        for (var i = 0; i < words.Count; i++)
        {
            var word = _words[i + 1] = Encoding.ASCII.GetBytes(words[i].ToLowerInvariant());
            ArgumentOutOfRangeException.ThrowIfGreaterThan(word.Length, LongestWord);
            if (word.Length > 0)
                Add(word, i + 1);
        }
    }

    /// <summary>The word's number, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> text, int start, int length)
    {
        var head = Head(text, start, length);
        for (var slot = SlotOf(head, length); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref readonly var entry = ref _slots[slot];
            if (entry.Number == 0)
                return 0;
            if (entry.Head == head && entry.Length == length
                && (length <= 8 || Ascii.EqualsIgnoreCase(text.Slice(start, length), _words[entry.Number])))
                return entry.Number;
        }
    }

    public int Find(ReadOnlySpan<byte> word) => word.IsEmpty ? 0 : Find(word, 0, word.Length);

    /// <summary>The first eight bytes, lower case, shorter words padded; also serves callers that compare prefixes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Head(ReadOnlySpan<byte> text, int start, int length)
    {
        if ((uint)start + 8 <= (uint)text.Length)
        {
            var head = BinaryPrimitives.ReadUInt64LittleEndian(text.Slice(start, 8)) | CaseBits;
            return length >= 8 ? head : head & ((1UL << (length * 8)) - 1);
        }
        return ShortHead(text.Slice(start, length));
    }

    private static ulong ShortHead(ReadOnlySpan<byte> word)
    {
        ulong head = 0;
        for (var i = Math.Min(word.Length, 8) - 1; i >= 0; i--)
            head = (head << 8) | word[i] | 0x20;
        return head;
    }

    private static int SlotOf(ulong head, int length) =>
        (int)(((head + (ulong)length) * Multiplier) >> (64 - SlotBits));

    private void Add(byte[] word, int number)
    {
        var head = Head(word, 0, word.Length);
        var slot = SlotOf(head, word.Length);
        while (_slots[slot].Number != 0)
            slot = (slot + 1) & (_slots.Length - 1);
        _slots[slot] = new Slot(head, (ushort)number, (byte)word.Length);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Slot(ulong Head, ushort Number, byte Length);
}
