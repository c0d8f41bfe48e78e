using System.Collections.Immutable;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>A group of servers that do the same work. Immutable.</summary>
public sealed record BackendConfig
{
    /// <summary>Unique; the name in logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>The servers in their order; names are unique.</summary>
    public required ImmutableArray<ServerConfig> Servers { get; init; }

    /// <summary>Whether somebody else says which of the servers may work (the proxy's topology); until then none may. Default
    /// false.</summary>
    public bool IsDirected { get; init; }

    /// <summary>The balancing policy's name. Default roundrobin.</summary>
    public string Balance { get; init; } = BalancingPolicies.Default;

    /// <summary>Whether all backup servers work together, or only the first that can. Default false: the first.</summary>
    public bool AllBackups { get; init; }

    /// <summary>How the servers are checked; null: they are not, and count as up.</summary>
    public HealthCheckConfig? Check { get; init; }

    /// <summary>The agent that is asked beside the check; null, the default: none.</summary>
    public AgentCheckConfig? Agent { get; init; }

    /// <summary>How long opening a connection to a server may take. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session may wait for a server with room. Default 5 s.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many sessions may wait; one more is refused at once. Default 10,000.</summary>
    public int MaxQueue { get; init; } = 10_000;

    /// <summary>How often a session is tried again when its server can't be connected to. Default 3.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Whether a try again may go to another server. Default true.</summary>
    public bool Redispatch { get; init; } = true;

    /// <summary>The PROXY protocol's header that servers get, with the client's address. Http: each client's connection then has
    /// server connections of its own. Default None.</summary>
    public ProxyHeaderVersion SendProxy { get; init; }

    /// <summary>TLS towards the servers; null, the default: plain text.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>How long a server that comes back takes to get its full share. Zero, the default: at once.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>Failed connections, and in http mode responses that a server broke off or was too slow with, in a row after which a checked server counts as down; 0, the default: never.</summary>
    public int ErrorLimit { get; init; }

    /// <summary>Whether the sessions of a server that goes down are closed. Default false: they end by themselves.</summary>
    public bool CloseWhenDown { get; init; }
}
