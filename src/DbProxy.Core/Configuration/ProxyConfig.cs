using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using DbProxy.LoadBalancer;
using DbProxy.Protocol.Compression;

namespace DbProxy.Core.Configuration;

/// <summary>
/// One valid configuration, immutable: what the proxy reads. The data path takes <see cref="ConfigStore.Current"/> once
/// per command and uses that snapshot to the command's end. Tests vary one with <c>with</c>.
/// </summary>
public sealed record ProxyConfig
{
    /// <summary>What clients are told before the primary has answered; a version whose clients use caching_sha2_password.</summary>
    public const string FallbackServerVersion = "8.4.0-dbproxy";

    /// <summary>Addresses for MySQL clients; at least one.</summary>
    public required ImmutableArray<ListenAddress> Listen { get; init; }

    /// <summary>The permissions of Unix domain sockets among them.</summary>
    public required UnixFileMode ListenSocketMode { get; init; }

    /// <summary>From where connections begin with a header of the PROXY protocol.</summary>
    public required ImmutableArray<IPNetwork> TrustedProxies { get; init; }

    /// <summary>The servers in the order of the file, names and addresses unique; none where there is only a front end.</summary>
    public required ImmutableArray<ServerConfig> Servers { get; init; }

    /// <summary>How the servers are watched.</summary>
    public required MonitorConfig Monitor { get; init; }

    /// <summary>The HTTP listener for operators.</summary>
    public required AdminConfig Admin { get; init; }

    /// <summary>TLS between clients and the proxy.</summary>
    public required ClientTlsConfig ClientTls { get; init; }

    /// <summary>TLS between the proxy and the servers.</summary>
    public required ServerTlsConfig ServerTls { get; init; }

    /// <summary>The compression algorithms that clients may ask for.</summary>
    public required ImmutableArray<CompressionAlgorithm> ClientCompression { get; init; }

    /// <summary>Compression between the proxy and the servers.</summary>
    public required ServerCompressionConfig ServerCompression { get; init; }

    /// <summary>Accounts known beforehand, by name (case matters, as on the servers).</summary>
    public required FrozenDictionary<string, UserConfig> Users { get; init; }

    /// <summary>Which server a statement goes to.</summary>
    public required RoutingConfig Routing { get; init; }

    /// <summary>Connections to the servers.</summary>
    public required PoolConfig Pool { get; init; }

    /// <summary>Limits on clients.</summary>
    public required LimitsConfig Limits { get; init; }

    /// <summary>The version that clients are told; null: the primary's, else <see cref="FallbackServerVersion"/>.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>The front end for clients of any protocol; empty: none.</summary>
    public BalancerConfig FrontEnd { get; init; } = BalancerConfig.Empty;

    /// <summary>The front end's backends whose servers are those of the topology that have a role, by name.</summary>
    public FrozenDictionary<string, TopologyServers> TopologyBackends { get; init; } = FrozenDictionary<string, TopologyServers>.Empty;

    /// <summary>Where a new process takes over; null: nowhere.</summary>
    public string? TakeoverSocket { get; init; }

    /// <summary>Whether the file is watched.</summary>
    public bool ReloadOnChange { get; init; } = true;

    /// <summary>Whether there is a MySQL proxy; if not, there is a front end.</summary>
    public bool ServesMySql => !Servers.IsEmpty;

    /// <summary>What is logged, and how.</summary>
    public required LoggingConfig Logging { get; init; }

    /// <summary>Validates options made by code. Throws <see cref="ConfigException"/> with each mistake.</summary>
    public static ProxyConfig From(ProxyOptions options) => Validation.ConfigBuilder.Build(options).RequireConfig();
}
