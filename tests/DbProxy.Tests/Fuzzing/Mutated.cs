using CsCheck;

namespace DbProxy.Tests.Fuzzing;

/// <summary>Valid input with damage: bytes changed, cut, repeated, inserted, or taken from another sample.</summary>
internal static class Mutated
{
    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF, (byte)'\'', (byte)'\\', (byte)'*', (byte)'/'];

    private static readonly Gen<byte> AnyByte =
        Gen.OneOf(Gen.Byte, Gen.Int[0, Interesting.Length - 1].Select(i => Interesting[i]));

    /// <summary>A sample with up to <paramref name="most"/> mutations, sometimes none.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> corpus, int most = 6) => Gen.Select(
        Gen.Int[0, corpus.Count - 1],
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1 << 20], Gen.Int[1, 40], AnyByte, Gen.Int[0, corpus.Count - 1]).Array[0, most],
        (which, mutations) => mutations.Aggregate(corpus[which], (bytes, m) => Apply(bytes, m.Item1, m.Item2, m.Item3, m.Item4, corpus[m.Item5])));

    private static byte[] Apply(byte[] bytes, int kind, int place, int length, byte value, byte[] other)
    {
        var at = bytes.Length == 0 ? 0 : place % bytes.Length;
        var end = Math.Min(bytes.Length, at + length);
        return kind switch
        {
            0 when bytes.Length > 0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => bytes[..at],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => [.. bytes[..at], .. Enumerable.Repeat(value, length), .. bytes[at..]],
            5 => [.. bytes[..at], .. other[Math.Min(at, other.Length)..]],
            // A bit, as on a bad line.
            _ when bytes.Length > 0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (value & 7))), .. bytes[(at + 1)..]],
            _ => bytes,
        };
    }
}
