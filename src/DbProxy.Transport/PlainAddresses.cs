using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace DbProxy.Transport;

/// <summary>A listener on every address sees IPv4 clients as IPv6 ones (RFC 4291 2.5.5.2): rules, logs and servers name them as IPv4.</summary>
public static class PlainAddresses
{
    /// <summary>The same end point, with an IPv4 address where it is an IPv4 client's.</summary>
    [return: NotNullIfNotNull(nameof(endPoint))]
    public static IPEndPoint? Plain(this IPEndPoint? endPoint) =>
        endPoint is { Address.IsIPv4MappedToIPv6: true } ? new(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
