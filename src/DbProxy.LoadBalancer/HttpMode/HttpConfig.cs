using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using DbProxy.LoadBalancer.HttpMode.Settings;
using DbProxy.LoadBalancer.Limits;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>What only frontends in http mode have, beside their <see cref="Frontends.FrontendConfig"/>. Immutable.</summary>
public sealed record HttpConfig
{
    /// <summary>Peers whose <c>X-Forwarded-*</c> and <c>Forwarded</c> headers are believed and kept; what others send of them
    /// is replaced. Default none.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Which headers tell the servers who the client is. Default XForwarded.</summary>
    public ForwardedKinds Forwarded { get; init; } = ForwardedKinds.XForwarded;

    /// <summary>The header with the request's id, taken from the client or made, given to the server, the client and the log;
    /// null: none. Default X-Request-Id.</summary>
    public string? RequestIdHeader { get; init; } = "X-Request-Id";

    /// <summary>Changes to the headers of requests to servers, in order. Default none.</summary>
    public ImmutableArray<HeaderRule> RequestHeaders { get; init; } = [];

    /// <summary>Changes to the headers of servers' responses, in order. Default none.</summary>
    public ImmutableArray<HeaderRule> ResponseHeaders { get; init; } = [];

    /// <summary>Requests that are answered here: redirects, fixed responses. The first that matches counts. Default none.</summary>
    public ImmutableArray<AnswerRule> Answers { get; init; } = [];

    /// <summary>The https port to which requests that came without TLS are redirected (308); 1 to 65535; null, the
    /// default: they are not.</summary>
    public int? HttpsRedirectPort { get; init; }

    /// <summary>The Strict-Transport-Security header of responses over TLS; null, the default: none.</summary>
    public HstsConfig? Hsts { get; init; }

    /// <summary>Own pages for errors that are made here, by status, 400 to 599. Default: small built-in ones.</summary>
    public FrozenDictionary<int, ErrorPage> ErrorPages { get; init; } = FrozenDictionary<int, ErrorPage>.Empty;

    /// <summary>Compresses responses; null, the default: passes them as they are.</summary>
    public CompressionConfig? Compression { get; init; }

    /// <summary>Cookies that keep a client at its server, by the backend's name. Default none.</summary>
    public FrozenDictionary<string, CookieConfig> Cookies { get; init; } = FrozenDictionary<string, CookieConfig>.Empty;

    /// <summary>Backends whose servers are spoken to in HTTP/2; without TLS from the first byte on (h2c). gRPC needs it, and so does a client that sends
    /// while it receives: with HTTP/1.1 a server's response is read only when the request has been sent. Default none.</summary>
    public FrozenSet<string> Http2Backends { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The most requests of one source; null, the default: any number.</summary>
    public RateLimitConfig? RequestRate { get; init; }

    /// <summary>What clients and servers may take their time for.</summary>
    public HttpTimeouts Timeouts { get; init; } = new();

    /// <summary>How large requests may be.</summary>
    public HttpLimits Limits { get; init; } = new();

    /// <summary>Whether each request is logged with one line. Default true.</summary>
    public bool Log { get; init; } = true;
}
