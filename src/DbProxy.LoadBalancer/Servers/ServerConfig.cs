namespace DbProxy.LoadBalancer.Servers;

/// <summary>A server of a backend, as configured. Immutable; a changed one replaces it whole.</summary>
public sealed record ServerConfig
{
    /// <summary>Unique in its backend; the name in logs, metrics and the runtime API.</summary>
    public required string Name { get; init; }

    /// <summary>Host name or address; resolved for each connection.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The share of the traffic relative to the other servers, 0 to 256; 0 takes nothing new. Default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Works only while no server without this mark can. Default false.</summary>
    public bool IsBackup { get; init; }

    /// <summary>The most connections at a time; more wait in the backend's queue. 0: no limit. Default 0.</summary>
    public int MaxConnections { get; init; }
}
