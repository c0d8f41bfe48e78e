using System.Collections.Immutable;

namespace DbProxy.Core.Monitoring;

/// <summary>Who is what at one moment; immutable.</summary>
public sealed record TopologyModel
{
    /// <summary>All servers: those configured in their order, behind them those that were removed and have not ended yet.</summary>
    public ImmutableArray<ServerState> Servers { get; init; } = [];

    /// <summary>The server that takes writes; null while there is none.</summary>
    public ServerState? Primary { get; init; }

    /// <summary>The replicas that are up and not taken out, however far behind: for the last resort.</summary>
    public ImmutableArray<ServerState> Replicas { get; init; } = [];

    /// <summary>The replicas that are up, applying and within the lag limit: for reads.</summary>
    public ImmutableArray<ServerState> Fresh { get; init; } = [];

    /// <summary>The servers that are down or in maintenance: what runs there is cut.</summary>
    public ImmutableArray<ServerState> Cut { get; init; } = [];

    /// <summary>Counts the changes.</summary>
    public long Version { get; init; }

    /// <summary>Something that an operator should know, such as two writable servers; empty otherwise.</summary>
    public string Warning { get; init; } = "";

    /// <summary>The primary, or the last one there was: it is preferred when several servers could be it.</summary>
    internal ServerState? LastPrimary { get; init; }
}
