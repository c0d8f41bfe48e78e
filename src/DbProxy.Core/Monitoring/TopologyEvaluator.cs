using System.Collections.Immutable;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.Core.Monitoring;

/// <summary>Settles all servers after one of them was probed, and says who is what.</summary>
internal static class TopologyEvaluator
{
    /// <param name="servers">All servers; their models are replaced.</param>
    /// <param name="models">Their models by index, with the newest probe taken in.</param>
    /// <param name="before">The topology before the probe.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="utcNow">The time of day.</param>
    /// <returns>The same object when nothing changed.</returns>
    internal static TopologyModel Evaluate(
        ImmutableArray<ServerState> servers, ServerModel[] models, TopologyModel before,
        MonitorSettings settings, DateTimeOffset utcNow)
    {
        var election = new RoleElection(servers, models, before, settings);
        var (primary, warning) = election.Elect();
        foreach (var server in servers)
        {
            var role = election.RoleOf(server, primary);
            server.Model = ServerEvaluator.Settle(server.Model, models[server.Index], role, settings, utcNow);
        }
        var after = before with
        {
            Primary = primary,
            LastPrimary = primary ?? before.LastPrimary,
            Replicas = Keep(before.Replicas, [.. servers.Where(IsReplica)]),
            Fresh = Keep(before.Fresh, [.. servers.Where(s => s.Model.InRotation)]),
            InMaintenance = Keep(before.InMaintenance, [.. servers.Where(s => s.Model.Order.State == AdminState.Maint)]),
            Warning = warning,
        };
        return after == before ? before : after;
    }

    private static bool IsReplica(ServerState server) =>
        server.Model is { Role: ServerRole.Replica, Health: ServerHealth.Up, Order.IsReady: true };

    /// <summary>The old array when nothing changed: arrays compare by reference.</summary>
    private static ImmutableArray<ServerState> Keep(ImmutableArray<ServerState> old, ImmutableArray<ServerState> now) =>
        old.AsSpan().SequenceEqual(now.AsSpan()) ? old : now;
}
