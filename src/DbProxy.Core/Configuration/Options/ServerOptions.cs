using DbProxy.LoadBalancer.ProxyProtocol;

namespace DbProxy.Core.Configuration;

/// <summary>One database server.</summary>
public sealed class ServerOptions
{
    /// <summary>
    /// Where the server listens: host:port, or unix:/path of its socket. A name is resolved again for each connection.
    /// </summary>
    [DefaultText("required"), Example("db1.example:3306")]
    public string? Address { get; set; }

    /// <summary>The name in logs and metrics.</summary>
    [DefaultText("the address"), Example("db1")]
    public string? Name { get; set; }

    /// <summary>The share of reads, relative to the other replicas' weights.</summary>
    [Allowed("1", "1000")]
    public int Weight { get; set; } = 1;

    /// <summary>
    /// The header of the PROXY protocol that tells the server each connection's client address, so that accounts bound to
    /// hosts and the process list mean the clients. The server must take it from the proxy's address: MariaDB's
    /// proxy_protocol_networks.
    /// </summary>
    /// <remarks>Connections are then shared only by clients of the same address, and Pool.MaxConnections counts for each
    /// address. MySQL's own server knows no such header and refuses the connections.</remarks>
    public ProxyHeaderVersion ProxyProtocol { get; set; } = ProxyHeaderVersion.None;
}
