using System.Collections.Immutable;
using DbProxy.Core.Monitoring;

namespace DbProxy.Demo.Counting;

/// <summary>Everything that a view shows, at one moment.</summary>
/// <param name="Elapsed">Since the workload began.</param>
/// <param name="Tally">What the clients saw.</param>
/// <param name="Servers">What the proxy knows of each server, in the order of their ids.</param>
/// <param name="Routes">The proxy's decisions by reason, most frequent first.</param>
/// <param name="Pins">Sessions pinned to a server connection, by reason.</param>
/// <param name="Sessions">Client sessions open now.</param>
/// <param name="ServerConnections">Server connections open now.</param>
internal sealed record DemoReading(
    TimeSpan Elapsed,
    TallyCounts Tally,
    ImmutableArray<ServerReading> Servers,
    ImmutableArray<ReasonCount> Routes,
    ImmutableArray<ReasonCount> Pins,
    int Sessions,
    int ServerConnections);

/// <summary>One server, as the proxy sees it.</summary>
/// <param name="Id">Its @@server_id.</param>
/// <param name="Name">Its name in the proxy.</param>
/// <param name="Port">Its port on 127.0.0.1.</param>
/// <param name="ProcessId">Its process, for whoever wants to try what happens without it.</param>
/// <param name="Model">What the monitor knows.</param>
internal sealed record ServerReading(uint Id, string Name, int Port, int? ProcessId, ServerModel Model)
{
    /// <summary>primary, replica or unknown.</summary>
    public string Role => Model.Role.ToString().ToLowerInvariant();

    /// <summary>Whether statements go there at present.</summary>
    public bool InUse => Model.Health == ServerHealth.Up && (Model.Role == ServerRole.Primary || Model.InRotation);

    /// <summary>Health in a word.</summary>
    public string State => Model switch
    {
        { Health: ServerHealth.Down } => "down",
        { Health: ServerHealth.Unknown } => "unknown",
        { Role: ServerRole.Primary } => "up",
        { InRotation: true } => "up",
        { ReplicationRunning: false } => "stopped",
        _ => "lagging",
    };

    /// <summary>The lag of a replica in words; a dash for others, and for one that is down: its last lag says nothing.</summary>
    public string Lag => Model switch
    {
        { Role: not ServerRole.Replica } or { Health: not ServerHealth.Up } => "-",
        { LagMilliseconds: { } lag } => lag < 10_000 ? $"{lag:0} ms" : $"{lag / 1000:0.0} s",
        _ => "?",
    };
}

/// <summary>How often something happened for one reason, and what the reason means.</summary>
internal sealed record ReasonCount(string Reason, string Meaning, long Count);
