using System.Collections.Immutable;
using System.Net;
using DbProxy.LoadBalancer.Rules;
using Microsoft.AspNetCore.Http;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>The client that <c>X-Forwarded-For</c> names.</summary>
internal static class ForwardedFor
{
    public const string Header = "X-Forwarded-For";

    /// <summary>
    /// The last address that no trusted proxy has: everything in front of it may be made up. Where all are trusted, the
    /// first. What is no address ends the search.
    /// </summary>
    public static IPAddress ClientOf(IHeaderDictionary headers, IPAddress peer, ImmutableArray<IPNetwork> trusted)
    {
        var client = peer;
        var values = headers[Header];
        for (var i = values.Count - 1; i >= 0; i--)
            for (var rest = values[i].AsSpan(); !rest.IsEmpty;)
            {
                var comma = rest.LastIndexOf(',');
                if (Parse(rest[(comma + 1)..].Trim()) is not { } address)
                    return client;
                client = address;
                if (!Match.IsIn(trusted, address))
                    return client;
                rest = comma < 0 ? default : rest[..comma];
            }
        return client;
    }

    private static IPAddress? Parse(ReadOnlySpan<char> text)
    {
        if (!IPAddress.TryParse(text, out var address))
            address = IPEndPoint.TryParse(text, out var endPoint) ? endPoint.Address : null;
        return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }
}
