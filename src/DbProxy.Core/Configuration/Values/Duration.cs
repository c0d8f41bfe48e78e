using System.Globalization;

namespace DbProxy.Core.Configuration;

/// <summary>The written form of durations: <c>250ms</c>, <c>10s</c>, <c>1m30s</c>, <c>8h</c>, <c>1d</c>.</summary>
public static class Duration
{
    private static readonly (string Unit, long Ticks)[] _units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    /// <summary>Reads one or more numbers, each followed by its unit.</summary>
    /// <param name="text">What the configuration says.</param>
    /// <param name="value">The duration, when the result is true.</param>
    /// <param name="error">What is wrong and how to write it, when the result is false.</param>
    public static bool TryParse(string text, out TimeSpan value, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = TimeSpan.Zero;
        error = "";
        var rest = text.AsSpan();
        if (rest.IsEmpty || !char.IsAsciiDigit(rest[0])) return Fail(text, "", out error);
        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            var number = TakeWhile(ref rest, static c => char.IsAsciiDigit(c) || c == '.');
            if (number.IsEmpty) return Fail(text, "", out error);
            var unit = TakeWhile(ref rest, char.IsAsciiLetter).ToString();
            if (unit.Length == 0 && rest.IsEmpty)
                return Fail(text, $" has no unit; write \"{number}s\" or \"{number}ms\"", out error);
            var factor = _units.FirstOrDefault(u => u.Unit == unit).Ticks;
            if (factor == 0 && unit.Length > 0)
                return Fail(text, $" has the unknown unit \"{unit}\"; use us, ms, s, m, h or d", out error);
            if (factor == 0 || !char.IsAsciiDigit(number[0]) || !char.IsAsciiDigit(number[^1]) || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var amount)) return Fail(text, "", out error);
            if (amount > long.MaxValue / factor || (ticks += amount * factor) > long.MaxValue)
                return Fail(text, " is too long", out error);
        }
        value = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> reads, such as <c>250ms</c> or <c>1m30s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "0s";
        var text = new System.Text.StringBuilder(value < TimeSpan.Zero ? "-" : "");
        var rest = Math.Abs(value.Ticks);
        foreach (var (unit, ticks) in _units)
        {
            if (rest / ticks is var amount and > 0)
                text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
            rest %= ticks;
        }
        return text.ToString();
    }

    private static ReadOnlySpan<char> TakeWhile(ref ReadOnlySpan<char> rest, Func<char, bool> accept)
    {
        var length = 0;
        while (length < rest.Length && accept(rest[length])) length++;
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static bool Fail(string text, string why, out string error)
    {
        error = why.Length > 0 ? $"\"{text}\"{why}" : $"\"{text}\" is not a duration; write for example \"250ms\", \"10s\" or \"1m\"";
        return false;
    }
}
