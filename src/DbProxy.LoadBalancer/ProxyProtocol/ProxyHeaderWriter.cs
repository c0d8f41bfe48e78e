using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DbProxy.LoadBalancer.ProxyProtocol;

/// <summary>Writes headers.</summary>
public static class ProxyHeaderWriter
{
    /// <summary>The header for a client's connection.</summary>
    /// <param name="version">V1 or V2.</param>
    /// <param name="source">The client; null: none that has an address.</param>
    /// <param name="destination">Where it connected to. Of another family than the client's, or null: that family's
    /// "any" address is written, because a header has one family.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no header of this version.</exception>
    public static byte[] Write(ProxyHeaderVersion version, IPEndPoint? source, IPEndPoint? destination)
    {
        source = source.Plain();
        destination = destination.Plain();
        if (source is not null && destination?.AddressFamily != source.AddressFamily)
        {
            destination = new(source.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, destination?.Port ?? 0);
        }

        return version switch
        {
            ProxyHeaderVersion.V1 => Encoding.ASCII.GetBytes(Line(source, destination)),
            ProxyHeaderVersion.V2 => Binary(source, destination),
            _ => throw new ArgumentOutOfRangeException(nameof(version)),
        };
    }

    private static string Line(IPEndPoint? source, IPEndPoint? destination) => source is null
        ? "PROXY UNKNOWN\r\n"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"PROXY {(source.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6")} {Text(source)} {Text(destination!)} {source.Port} {destination!.Port}\r\n");

    // Without the zone, which means something on one machine only.
    private static string Text(IPEndPoint endPoint) => new IPAddress(endPoint.Address.GetAddressBytes()).ToString();

    private static byte[] Binary(IPEndPoint? source, IPEndPoint? destination)
    {
        byte[] from = source?.Address.GetAddressBytes() ?? [], to = destination?.Address.GetAddressBytes() ?? [];
        if (source is null)
        {
            return [.. ProxyHeaderReader.Signature, 0x20, 0, 0, 0];
        }

        byte[] numbers = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(numbers, (ushort)((2 * from.Length) + 4));
        BinaryPrimitives.WriteUInt16BigEndian(numbers.AsSpan(2), (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(numbers.AsSpan(4), (ushort)destination!.Port);
        return [.. ProxyHeaderReader.Signature, 0x21, (byte)(from.Length == 4 ? 0x11 : 0x21), .. numbers[..2], .. from, .. to, .. numbers[2..]];
    }
}
