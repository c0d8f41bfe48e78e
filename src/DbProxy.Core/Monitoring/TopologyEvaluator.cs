using System.Collections.Immutable;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.Core.Monitoring;

/// <summary>Settles all servers after one of them was probed, and says who is what.</summary>
internal static class TopologyEvaluator
{
    /// <param name="before">The topology before the probe; its servers' models are replaced.</param>
    /// <param name="models">The servers' models, with the newest probe taken in.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="utcNow">The time of day.</param>
    /// <returns>The same object when nothing changed.</returns>
    internal static TopologyModel Evaluate(
        TopologyModel before, IReadOnlyDictionary<ServerState, ServerModel> models, MonitorSettings settings, DateTimeOffset utcNow)
    {
        var servers = before.Servers;
        var election = new RoleElection(before, models, settings);
        var (primary, warning) = election.Elect();
        foreach (var server in servers)
        {
            var role = election.RoleOf(server, primary);
            server.Model = ServerEvaluator.Settle(server.Model, models[server], role, settings, utcNow);
        }
        var after = before with
        {
            Primary = primary,
            LastPrimary = primary ?? servers.FirstOrDefault(s => s == before.LastPrimary),
            Replicas = Keep(before.Replicas, [.. servers.Where(IsReplica)]),
            Fresh = Keep(before.Fresh, [.. servers.Where(s => s.Model.InRotation)]),
            Cut = Keep(before.Cut, [.. servers.Where(s => s.Model is { Health: ServerHealth.Down } or { Order.State: AdminState.Maint })]),
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
