using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace DbProxy.LoadBalancer.ProxyProtocol;

/// <summary>Reads a header of either version off the front of a connection's bytes.</summary>
public static class ProxyHeaderReader
{
    /// <summary>The longest header taken, in bytes. The longest of version 1 has 107; proxies' extensions of version 2 stay
    /// far below this.</summary>
    public const int MaxLength = 4096;

    private const int MaxLine = 107;
    private const int FixedLength = 16;
    private const byte Local = 0x20;
    private const byte Proxy = 0x21;

    /// <summary>What version 2 begins with.</summary>
    internal static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> Word => "PROXY "u8;

    /// <summary>Looks at the bytes received so far.</summary>
    /// <param name="bytes">From the connection's first byte on.</param>
    /// <param name="header">The header, when it is complete.</param>
    /// <param name="length">Its length in bytes; what stands behind belongs to the protocol inside.</param>
    public static ProxyHeaderResult TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        return StartsAs(bytes, Signature) ? TryReadBinary(bytes, out header, out length)
            : StartsAs(bytes, Word) ? TryReadLine(bytes, out header, out length)
            : ProxyHeaderResult.Malformed;
    }

    private static bool StartsAs(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start) =>
        bytes.Length < start.Length ? start.StartsWith(bytes) : bytes.StartsWith(start);

    private static ProxyHeaderResult TryReadLine(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int length)
    {
        header = default;
        length = bytes[..Math.Min(bytes.Length, MaxLine)].IndexOf("\r\n"u8) + 2;
        if (length < 2)
        {
            return bytes.Length < MaxLine ? ProxyHeaderResult.NeedsMore : ProxyHeaderResult.Malformed;
        }

        string line = Encoding.Latin1.GetString(bytes[Word.Length..(length - 2)]);
        if (line == "UNKNOWN" || line.StartsWith("UNKNOWN ", StringComparison.Ordinal))
        {
            return ProxyHeaderResult.Complete;
        }

        if (line.Split(' ') is not ["TCP4" or "TCP6", var from, var to, var fromPort, var toPort]
            || Address(from, line[3]) is not { } source || Address(to, line[3]) is not { } destination
            || Port(fromPort) is not { } sourcePort || Port(toPort) is not { } destinationPort)
        {
            return ProxyHeaderResult.Malformed;
        }

        header = new(new(source, sourcePort), new(destination, destinationPort));
        return ProxyHeaderResult.Complete;
    }

    /// <summary>Only the usual forms: IPAddress itself also takes octal numbers, fewer parts, and zones.</summary>
    private static IPAddress? Address(string text, char version) =>
        text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF.:") || !IPAddress.TryParse(text, out IPAddress? address) ? null
        : version == '4' ? (address.ToString() == text && !text.Contains(':', StringComparison.Ordinal) ? address : null)
        : text.Contains(':', StringComparison.Ordinal) ? address
        : null;

    private static int? Port(string text) =>
        text.Length is > 0 and <= 5 && (text[0] != '0' || text.Length == 1)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= ushort.MaxValue ? port : null;

    private static ProxyHeaderResult TryReadBinary(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        if (bytes.Length < FixedLength)
        {
            return ProxyHeaderResult.NeedsMore;
        }

        byte command = bytes[12], family = bytes[13];
        length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (command is not (Local or Proxy) || length > MaxLength || AddressLength(family) is not { } addresses
            || (command == Proxy && length - FixedLength < addresses))
        {
            return ProxyHeaderResult.Malformed;
        }

        if (bytes.Length < length)
        {
            return ProxyHeaderResult.NeedsMore;
        }

        // Streams only: who passes on a datagram or a Unix socket's client names no address that means anything here.
        // What follows the addresses (TLVs) is skipped.
        ReadOnlySpan<byte> part = bytes[FixedLength..];
        header = (command, family) switch
        {
            (Proxy, 0x11) => new(EndPoint(part, part[8..], 4), EndPoint(part[4..], part[10..], 4)),
            (Proxy, 0x21) => new(EndPoint(part, part[32..], 16), EndPoint(part[16..], part[34..], 16)),
            _ => default,
        };
        return ProxyHeaderResult.Complete;
    }

    /// <summary>Bytes of both addresses and ports; null: there is no such family.</summary>
    private static int? AddressLength(byte family) => family switch
    {
        0x00 => 0,
        0x11 or 0x12 => 12,
        0x21 or 0x22 => 36,
        0x31 or 0x32 => 216,
        _ => null,
    };

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port, int size) =>
        new(new IPAddress(address[..size]), BinaryPrimitives.ReadUInt16BigEndian(port));
}
