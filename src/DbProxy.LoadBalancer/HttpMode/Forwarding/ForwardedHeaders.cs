using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>
/// Tells the server about the client. What a trusted proxy said is kept and added to; what anybody else said is taken out,
/// since a client could claim any address.
/// </summary>
internal static class ForwardedHeaders
{
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Rfc7239 = "Forwarded";

    public static void Apply(ForwardedKinds kinds, Exchange exchange, HttpRequestHeaders headers)
    {
        var request = exchange.Http.Request;
        if (!exchange.IsPeerTrusted)
        {
            headers.Remove(ForwardedFor.Header);
            headers.Remove(Proto);
            headers.Remove(Host);
            headers.Remove(Rfc7239);
        }
        if (kinds.HasFlag(ForwardedKinds.XForwarded))
        {
            Append(headers, exchange, ForwardedFor.Header, exchange.Peer.ToString());
            // The scheme and the host that the client used are those that the first proxy saw.
            if (!headers.NonValidated.Contains(Proto))
                headers.TryAddWithoutValidation(Proto, request.Scheme);
            if (!headers.NonValidated.Contains(Host) && request.Host.HasValue)
                headers.TryAddWithoutValidation(Host, request.Host.Value);
        }
        if (kinds.HasFlag(ForwardedKinds.Forwarded))
            Append(headers, exchange, Rfc7239, Element(exchange.Peer, request));
    }

    private static void Append(HttpRequestHeaders headers, Exchange exchange, string name, string value)
    {
        var before = exchange.IsPeerTrusted ? exchange.Http.Request.Headers[name] : StringValues.Empty;
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, StringValues.IsNullOrEmpty(before) ? value : $"{before}, {value}");
    }

    /// <summary>An element of RFC 7239 4; an IPv6 address is in brackets, and therefore quoted like the host.</summary>
    private static string Element(IPAddress peer, HttpRequest request)
    {
        var client = peer.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"[{peer}]\"" : peer.ToString();
        return request.Host.HasValue ? $"for={client};host=\"{request.Host.Value}\";proto={request.Scheme}" : $"for={client};proto={request.Scheme}";
    }
}
