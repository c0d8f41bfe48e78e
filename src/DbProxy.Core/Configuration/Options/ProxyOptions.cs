using DbProxy.Protocol.Compression;

namespace DbProxy.Core.Configuration;

/// <summary>Everything that can be configured, as it is written; <see cref="ProxyConfig"/> is what the proxy reads.</summary>
public sealed class ProxyOptions
{
    /// <summary>
    /// Addresses for MySQL clients: host:port, [IPv6]:port, :port for every local address, or unix:/path for a Unix domain
    /// socket. primary@ or replica@ in front of it (primary@127.0.0.1:6034) gives its sessions the primary only, whichever
    /// server that is, or replicas only, which refuse writes as read-only servers do. A socket's file is made with ListenSocketMode and removed at the end; one that a killed process left is
    /// replaced.
    /// </summary>
    /// <remarks>An address that other machines reach exposes the databases to them: set ClientTls.Mode to Required there.</remarks>
    [Live]
    public List<string> Listen { get; set; } = ["127.0.0.1:6033"];

    /// <summary>The permissions of Unix domain sockets in Listen, octal. Connecting needs the right to write.</summary>
    /// <remarks>As with MySQL's own socket, every local user may try to log in unless this says otherwise.</remarks>
    public string ListenSocketMode { get; set; } = "0777";

    /// <summary>The PROXY protocol, by which a load balancer in front tells the clients' addresses.</summary>
    [Live]
    public ProxyProtocolOptions ProxyProtocol { get; set; } = new();

    /// <summary>The database servers. Which one is the primary is detected, and followed when it changes.</summary>
    [Live]
    public List<ServerOptions> Servers { get; set; } = [];

    /// <summary>How the proxy watches the servers.</summary>
    [Live]
    public MonitorOptions Monitor { get; set; } = new();

    /// <summary>The HTTP listener for operators: metrics, health, statistics page and runtime API.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>TLS between clients and the proxy.</summary>
    [Live]
    public ClientTlsOptions ClientTls { get; set; } = new();

    /// <summary>TLS between the proxy and the servers.</summary>
    [Live]
    public ServerTlsOptions ServerTls { get; set; } = new();

    /// <summary>The compression algorithms that clients may ask for: Zlib, Zstd. An empty list allows none.</summary>
    /// <remarks>A client that compresses costs much more CPU here; with TLS, lengths tell more about the content.</remarks>
    [Live]
    public List<string> ClientCompression { get; set; } = [nameof(CompressionAlgorithm.Zlib), nameof(CompressionAlgorithm.Zstd)];

    /// <summary>Compression between the proxy and the servers.</summary>
    [Live]
    public ServerCompressionOptions ServerCompression { get; set; } = new();

    /// <summary>Accounts that the proxy knows beforehand. No list is needed: others are learnt at their first login.</summary>
    /// <remarks>Of use only to clients that know no caching_sha2_password and have no TLS.</remarks>
    [Live]
    public List<UserOptions> Users { get; set; } = [];

    /// <summary>Which server a statement goes to.</summary>
    [Live]
    public RoutingOptions Routing { get; set; } = new();

    /// <summary>Connections to the servers.</summary>
    [Live]
    public PoolOptions Pool { get; set; } = new();

    /// <summary>Limits on clients.</summary>
    [Live]
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>The version that clients are told at login.</summary>
    /// <remarks>A version newer than the servers' makes clients use features that the servers lack.</remarks>
    [Live, DefaultText("the primary's; 8.4.0-dbproxy until it has answered"), Example("8.0.40")]
    public string? ServerVersion { get; set; }

    /// <summary>Where clients of any protocol connect. With frontends alone, without Servers, there is no MySQL proxy.</summary>
    [Live]
    public List<FrontendOptions> Frontends { get; set; } = [];

    /// <summary>The servers behind the frontends.</summary>
    [Live]
    public List<BackendOptions> Backends { get; set; } = [];

    /// <summary>Whether this file is read again when it changes.</summary>
    /// <remarks>Files with passwords are not watched; certificates always are.</remarks>
    [Live]
    public bool ReloadOnChange { get; set; } = true;

    /// <summary>
    /// The file of a Unix domain socket at which a new process takes over from this one: it gets the listening sockets, so
    /// that no client is refused, and this one drains and ends. A process that is started with the file of a running one does
    /// so. Without it there is no taking over. Linux only.
    /// </summary>
    /// <remarks>Who may write to the file's folder may take the place of the proxy; the socket itself is for its own user only.</remarks>
    [Example("/run/dbproxy/takeover.sock")]
    public string? TakeoverSocket { get; set; }

    /// <summary>What is logged, and how.</summary>
    [Live]
    public LoggingOptions Logging { get; set; } = new();
}
