using System.Collections.Immutable;
using System.Net;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>Where clients connect, and what may pass to which backend. Immutable.</summary>
public sealed record FrontendConfig
{
    /// <summary>Unique; the name in logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>What it understands of what passes. Default Tcp.</summary>
    public FrontendMode Mode { get; init; }

    /// <summary>The local addresses; at least one. Port 0 lets the system choose.</summary>
    public required ImmutableArray<IPEndPoint> Listen { get; init; }

    /// <summary>The backend for what no route matches; null: such is refused.</summary>
    public string? Backend { get; init; }

    /// <summary>Other backends for what matches, in order.</summary>
    public ImmutableArray<RouteRule> Routes { get; init; } = [];

    /// <summary>Who may pass, in order; what no rule matches may.</summary>
    public ImmutableArray<AccessRule> Access { get; init; } = [];

    /// <summary>The most connections at a time; more wait in the kernel's queue. Default 10,000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>The most new connections of one source; null: any number.</summary>
    public RateLimitConfig? ConnectionRate { get; init; }

    /// <summary>Peers that must send a PROXY protocol header (v1 or v2), whose client address then counts.</summary>
    public ImmutableArray<IPNetwork> ProxyProtocolFrom { get; init; } = [];

    /// <summary>TLS for clients; null: none, or passed through.</summary>
    public FrontendTls? Tls { get; init; }

    /// <summary>What only http mode has; null in tcp mode.</summary>
    public HttpConfig? Http { get; init; }

    /// <summary>How long a client may take for what must come first: TLS handshake, PROXY header. Default 5 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tcp: after this time without a byte in either direction a session ends. Default 1 h.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a tarpit holds a client. Default 10 s.</summary>
    public TimeSpan TarpitDelay { get; init; } = TimeSpan.FromSeconds(10);
}
