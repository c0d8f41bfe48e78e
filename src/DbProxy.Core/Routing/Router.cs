using System.Collections.Immutable;
using System.Text;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.Sql;

namespace DbProxy.Core.Routing;

/// <summary>What the choice of a server depends on, of a session's state.</summary>
/// <param name="Autocommit">Whether a statement outside a transaction is a transaction of its own.</param>
/// <param name="MustSee">What a read must see; null: nothing in particular.</param>
/// <param name="Avoid">The servers that failed this statement.</param>
/// <param name="OnPrimary">Why only the primary will do, found out by trying; null: nothing of the kind.</param>
/// <param name="Role">Which servers the session gets at all.</param>
internal readonly record struct RouteNeeds(
    bool Autocommit, GtidToken? MustSee, AvoidedServers Avoid, RouteReason? OnPrimary = null, ListenRole Role = ListenRole.Split);

/// <summary>Chooses the server for a statement: a function of the statement, the session and the monitored state.</summary>
internal sealed class Router(Topology topology, RefusedReads refused)
{
    private readonly Dictionary<BalanceMethod, IBalancingPolicy> _policies = new()
    {
        [BalanceMethod.RoundRobin] = new SmoothWeightedRoundRobin(),
        [BalanceMethod.LeastConnections] = new LeastConnections(),
    };

    [ThreadStatic]
    private static ServerState[]? _scratch;

    public Route Choose(in Statement statement, ReadOnlySpan<byte> sql, in RouteNeeds needs, RoutingConfig config)
    {
        TopologyModel model = topology.Current;
        if (needs.Role != ListenRole.Split)
        {
            return needs.Role == ListenRole.Primary ? Primary(model, needs, RouteReason.Port) : ReplicaOnly(model, needs, config);
        }

        if (needs.OnPrimary is not null || statement.Hint == RoutingHint.Primary)
        {
            return Primary(model, needs, needs.OnPrimary ?? RouteReason.Hint);
        }

        if (statement.Access == StatementAccess.Write)
        {
            if (IsSetNames(statement, sql))
            {
                return Replica(model, needs, config) with { Reason = RouteReason.Settings };
            }

            Route write = Primary(model, needs, RouteReason.Write);
            return write.Server is null && IsCarried(statement) ? Replica(model, needs, config) : write;
        }

        if (!needs.Autocommit && statement.Access == StatementAccess.Read)
        {
            return Primary(model, needs, RouteReason.AutocommitOff);
        }

        if (refused.Contains(sql))
        {
            return Primary(model, needs, RouteReason.LearnedWrite);
        }

        Route route = Replica(model, needs, config);
        return statement.Access == StatementAccess.ReadTransaction && route.Server is not null
            ? route with { Reason = RouteReason.ReadTransaction }
            : route;
    }

    /// <summary>
    /// SET NAMES, which many drivers send whenever they take a connection from their own pool, changes only what follows
    /// the session anyway: any server will do, and the primary is spared. Nothing else may stand in the statement.
    /// </summary>
    private static bool IsSetNames(in Statement statement, ReadOnlySpan<byte> sql) =>
        IsCarried(statement) && sql.Length is > 10 and < 80 && Ascii.EqualsIgnoreCase(sql[..10], "SET NAMES "u8) && !sql.ContainsAny(",;"u8);

    /// <summary>
    /// Other SETs of nothing but session variables. Which variables is known only afterwards, and one that pins had
    /// better pin to the primary; but clients that only read must be able to connect while there is none.
    /// </summary>
    internal static bool IsCarried(in Statement statement) =>
        statement.Kind == StatementKind.Set && statement.Traits == StatementTraits.None;

    private static Route Primary(TopologyModel model, in RouteNeeds needs, RouteReason reason) =>
        model.Primary is { } primary && !needs.Avoid.Contains(primary) ? new(primary, reason) : new(null, RouteReason.Nowhere);

    /// <summary>Whatever the statement is: what it may not do there, the replica says.</summary>
    private Route ReplicaOnly(TopologyModel model, in RouteNeeds needs, RoutingConfig config)
    {
        IBalancingPolicy policy = _policies[config.Balance];
        if (PickApplied(model.Fresh, needs, policy) is { } applied)
        {
            return new(applied, RouteReason.Port);
        }

        return needs.MustSee is not null && PickToWait(model.Fresh, needs, policy) is { } waits
            ? new(waits, RouteReason.ReplicaWaits, needs.MustSee)
            : new(null, RouteReason.Nowhere);
    }

    private Route Replica(TopologyModel model, in RouteNeeds needs, RoutingConfig config)
    {
        IBalancingPolicy policy = _policies[config.Balance];
        if (PickApplied(model.Fresh, needs, policy) is { } applied)
        {
            return new(applied, needs.MustSee is null ? RouteReason.Replica : RouteReason.ReplicaApplied);
        }

        if (needs.MustSee is not null && config.CausalWait > TimeSpan.Zero && PickToWait(model.Fresh, needs, policy) is { } waits)
        {
            return new(waits, RouteReason.ReplicaWaits, needs.MustSee);
        }

        bool behind = needs.MustSee is not null && model.Fresh.Length > 0;
        if (!behind && config.WithoutReplica == WithoutReplicaAction.Fail)
        {
            return new(null, RouteReason.Nowhere);
        }

        Route primary = Primary(model, needs, behind ? RouteReason.NotApplied : RouteReason.NoReplica);

        // With the primary gone a replica's lag only grows, and an answer that may be old beats none; what the session
        // itself wrote must still be in it.
        return primary.Server is null && PickApplied(model.Replicas, needs, policy) is { } last
            ? new(last, RouteReason.LastResort)
            : primary;
    }

    private static ServerState? PickApplied(ImmutableArray<ServerState> servers, in RouteNeeds needs, IBalancingPolicy policy)
    {
        ServerState[] candidates = Scratch(servers.Length);
        int count = 0;
        foreach (ServerState server in servers)
        {
            if (!needs.Avoid.Contains(server) && (needs.MustSee is null || server.HasApplied(needs.MustSee)))
            {
                candidates[count++] = server;
            }
        }

        return Pick(policy, candidates, count);
    }

    private static ServerState? PickToWait(ImmutableArray<ServerState> servers, in RouteNeeds needs, IBalancingPolicy policy)
    {
        ServerState[] candidates = Scratch(servers.Length);
        int count = 0;
        foreach (ServerState server in servers)
        {
            if (!needs.Avoid.Contains(server) && server.Backend.WorthWaiting)
            {
                candidates[count++] = server;
            }
        }

        return Pick(policy, candidates, count);
    }

    private static ServerState? Pick(IBalancingPolicy policy, ServerState[] candidates, int count)
    {
        int pick = count == 0 ? -1 : policy.Pick<ServerState>(candidates.AsSpan(0, count));
        return pick < 0 ? null : candidates[pick];
    }

    private static ServerState[] Scratch(int length) =>
        _scratch is { } scratch && scratch.Length >= length ? scratch : _scratch = new ServerState[length + 8];
}
