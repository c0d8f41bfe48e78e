using System.Globalization;

namespace DbProxy.Core.Configuration;

/// <summary>
/// A host and a TCP port, as configuration writes them: <c>db1:3306</c>, <c>[::1]:3306</c>, <c>:6033</c>; or a Unix
/// domain socket instead: <c>unix:/run/mysqld/mysqld.sock</c>.
/// </summary>
/// <param name="Host">Name or address, IPv6 without brackets; empty means every local address.</param>
/// <param name="Port">0 to 65535; 0 asks the system for a free port and is of use to listeners only.</param>
public readonly record struct HostPort(string Host, int Port)
{
    private const string UnixPrefix = "unix:";

    // What the system's address structure holds, without the byte that ends it.
    private const int LongestUnixPath = 107;

    /// <summary>The socket's file; null: it is a host and a port.</summary>
    public string? UnixPath { get; init; }

    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <param name="text">What the configuration says.</param>
    /// <param name="value">The parts, when the result is true.</param>
    /// <param name="error">What is wrong and how to write it, when the result is false.</param>
    public static bool TryParse(string text, out HostPort value, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        error = "";
        string host, port;
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal)) return TryParseUnix(text, out value, out error);
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            if (close < 0 || close + 1 >= text.Length || text[close + 1] != ':')
                return Fail(text, "write an IPv6 address as [address]:port", out error);
            (host, port) = (text[1..close], text[(close + 2)..]);
            if (!System.Net.IPAddress.TryParse(host, out _))
                return Fail(text, $"\"{host}\" is not an IPv6 address", out error);
        }
        else
        {
            var colon = text.LastIndexOf(':');
            if (colon < 0) return Fail(text, "the port is missing; write host:port", out error);
            (host, port) = (text[..colon], text[(colon + 1)..]);
            if (host.Contains(':')) return Fail(text, "write an IPv6 address as [address]:port", out error);
        }
        if (host.AsSpan().ContainsAny(" \t/@,")) return Fail(text, $"\"{host}\" is not a host name", out error);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 65535)
            return Fail(text, $"\"{port}\" is not a port; use a number from 1 to 65535", out error);
        value = new HostPort(host, number);
        return true;
    }

    /// <summary>Reads <paramref name="text"/>; throws <see cref="FormatException"/> that says what is wrong.</summary>
    public static HostPort Parse(string text) =>
        TryParse(text, out var value, out var error) ? value : throw new FormatException(error);

    /// <summary>The form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => UnixPath is not null ? UnixPrefix + UnixPath : Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static bool TryParseUnix(string text, out HostPort value, out string error)
    {
        value = new HostPort("", 0) { UnixPath = text[UnixPrefix.Length..] };
        error = "";
        if (!value.UnixPath.StartsWith('/') || value.UnixPath.EndsWith('/') || value.UnixPath.Contains('\0'))
            return Fail(text, "write the whole path of the socket's file, such as unix:/run/mysqld/mysqld.sock", out error);
        return System.Text.Encoding.UTF8.GetByteCount(value.UnixPath) <= LongestUnixPath
            || Fail(text, $"the path of a socket has at most {LongestUnixPath} bytes", out error);
    }

    private static bool Fail(string text, string why, out string error)
    {
        error = $"\"{text}\" is not an address: {why}";
        return false;
    }
}
