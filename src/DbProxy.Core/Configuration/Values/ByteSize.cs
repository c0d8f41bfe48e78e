using System.Globalization;

namespace DbProxy.Core.Configuration;

/// <summary>An amount of memory, written with its unit: <c>512B</c>, <c>16KiB</c>, <c>64MiB</c>, <c>1GiB</c>.</summary>
/// <param name="Bytes">The amount in bytes.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>, IComparable
{
    private static readonly (string Unit, long Bytes)[] _units =
        [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    /// <summary>An amount of mebibytes.</summary>
    public static ByteSize MiB(int amount) => new((long)amount << 20);

    /// <summary>Reads a whole number with a unit.</summary>
    /// <param name="text">What the configuration says.</param>
    /// <param name="value">The amount, when the result is true.</param>
    /// <param name="error">What is wrong and how to write it, when the result is false.</param>
    public static bool TryParse(string text, out ByteSize value, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? "" : text[digits..];
        var factor = _units.FirstOrDefault(u => u.Unit == unit).Bytes;
        error = number.Length == 0 ? $"\"{text}\" is not a size; write for example \"64MiB\""
            : unit.Length == 0 ? $"\"{text}\" has no unit; write for example \"{text}MiB\" (B, KiB, MiB or GiB)"
            : factor == 0 ? $"\"{text}\" has the unknown unit \"{unit}\"; use B, KiB, MiB or GiB"
            : !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
                || amount > long.MaxValue / factor ? $"\"{text}\" is too large"
            : Accept(amount * factor, out value);
        return error.Length == 0;
    }

    /// <summary>The shortest form without loss, such as <c>64MiB</c>.</summary>
    public override string ToString()
    {
        var bytes = Bytes;
        var (unit, factor) = _units.First(u => u.Bytes == 1 || (bytes != 0 && bytes % u.Bytes == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    int IComparable.CompareTo(object? obj) =>
        obj is ByteSize other ? CompareTo(other) : throw new ArgumentException("not a size", nameof(obj));

    private static string Accept(long bytes, out ByteSize value)
    {
        value = new ByteSize(bytes);
        return "";
    }
}
