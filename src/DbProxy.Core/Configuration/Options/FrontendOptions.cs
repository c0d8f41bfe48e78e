using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.Core.Configuration;

/// <summary>A place where clients of any protocol connect, and the backend that they are sent to.</summary>
public sealed class FrontendOptions
{
    /// <summary>The name in logs and metrics.</summary>
    [DefaultText("required"), Example("web")]
    public string? Name { get; set; }

    /// <summary>What it understands of what passes.</summary>
    public FrontendMode Mode { get; set; } = FrontendMode.Tcp;

    /// <summary>The local addresses: address:port, [IPv6]:port, or :port for every local address.</summary>
    [DefaultText("required")]
    public List<string> Listen { get; set; } = [];

    /// <summary>The name of the backend for what no route matches; without it such is refused.</summary>
    [Example("app")]
    public string? Backend { get; set; }

    /// <summary>Backends for what matches; the first match counts.</summary>
    public List<RouteOptions> Routes { get; set; } = [];

    /// <summary>Who may pass; the first match decides, and what no rule matches may pass.</summary>
    public List<AccessOptions> Access { get; set; } = [];

    /// <summary>The most connections at a time; more wait in the kernel's queue.</summary>
    [Allowed("1", "1000000")]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How many new connections one source may open.</summary>
    public RateOptions ConnectionRate { get; set; } = new();

    /// <summary>Networks of proxies that must send the PROXY protocol's header; the client's address in it counts then.</summary>
    public List<string> ProxyProtocolFrom { get; set; } = [];

    /// <summary>TLS for clients. Without it tcp mode passes TLS through, and can tell the server's name in it.</summary>
    public FrontendTlsOptions Tls { get; set; } = new();

    /// <summary>What only http mode has.</summary>
    public HttpOptions Http { get; set; } = new();

    /// <summary>How long a client may take for what must come first, such as a TLS handshake.</summary>
    [Allowed("100ms", "5m")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>In tcp mode: after this time without a byte in either direction a session ends.</summary>
    [Allowed("1s", "365d")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a tarpit holds a client before it is refused.</summary>
    [Allowed("100ms", "5m")]
    public TimeSpan TarpitDelay { get; set; } = TimeSpan.FromSeconds(10);
}
