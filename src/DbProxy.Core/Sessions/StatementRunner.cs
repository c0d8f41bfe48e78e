using System.Diagnostics;
using System.Runtime.CompilerServices;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>The data path of a statement: route → lease → relay → apply → return, again where nothing was sent yet.</summary>
internal sealed class StatementRunner(Session session, ProxyContext context)
{
    private readonly StatementRelay _relay = new(session, context);
    private readonly StateOnReplica _state = new(session, context);
    private readonly Refusals _refusals = new(session, context);

    /// <summary>What the last statement left.</summary>
    public Completion Last { get; } = new(session, context);

    /// <summary>Runs one command. False: the session must end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RunAsync(Work work)
    {
        ProxyConfig config = context.Config.Current;
        AvoidedServers avoid = default;
        RouteReason? onPrimary = null;
        GtidToken? mustSee = MustSee(work, config.Routing);
        Last.Begin();
        session.State.ReturnToSchema();
        bool keepsWarnings = session.Leases.HoldsWarnings && LeavesWarnings(work);
        var wait = new ServerWait(context, config.Routing.PrimaryWait);
        bool begins = false;
        if (session.Leases.Kept is { Sandbox: not null, Tracker.Summary.ErrorCode: 0 } sandboxed)
        {
            await ServerConnector.LeaveSandboxAsync(sandboxed);
        }
        else if (session.Leases.Kept is { } stays)
        {
            await _state.LeaveAsync(work, stays);
        }

        for (int attempt = 0; ; attempt++)
        {
            Route route = session.Leases.Kept is { } kept
                ? new(kept.Backend.State, RouteReason.Held)
                : context.Router.Choose(work.Statement, work.SqlIn(session.Input.Payload), new(session.State.Autocommit, mustSee, avoid, onPrimary, session.Role), config.Routing);
            if (route.Server is null)
            {
                if (!await wait.NextAsync(mayBeBack: !avoid.IsEmpty))
                {
                    return await _refusals.WithoutServerAsync(work.Statement) && !begins;
                }

                avoid = default;
                attempt = -1;
                continue;
            }

            LeaseResult lease = await session.Leases.LeaseAsync(work.Statement, route, keepsWarnings);
            if (lease.Connection is not { } connection)
            {
                // A replica may not have the user or the schema yet; the primary's word on them is the one that counts.
                bool elsewhere = lease.Failure == LeaseFailure.CannotConnect
                    || (lease.Failure == LeaseFailure.Refused && route.Server != context.Topology.Current.Primary);
                if (lease.Error?.Code == MySqlErrors.UnknownDatabase.Code && LeavesSchema(work, route))
                {
                    continue;
                }

                if (elsewhere && attempt < config.Routing.ReadRetries)
                {
                    avoid = avoid.With(route.Server);
                    onPrimary = lease.Failure == LeaseFailure.Refused ? RouteReason.NotApplied : onPrimary;
                    continue;
                }

                return await _refusals.WithoutConnectionAsync(lease, route.Server) && !begins;
            }

            long started = Stopwatch.GetTimestamp();
            session.Working = connection;
            bool streamed = session.Input.HasRest;
            RelayOutcome outcome = await _relay.RelayAsync(work, route, connection, config, begins: begins);
            if (outcome == RelayOutcome.Completed)
            {
                if (connection.Tracker.Summary.ErrorCode == MySqlErrors.PacketTooLarge.Code)
                {
                    return EndConnection(connection);
                }

                PinReasons pinned = Last.Apply(work, route, connection, started);
                _state.Note(work, connection);
                Last.GiveBack(work.Statement, connection, keepsWarnings);
                if (!streamed && _state.CanRepeat(work, connection, pinned))
                {
                    await _state.RepeatAsync(work, _relay, config);
                }

                return true;
            }

            bool wasKept = session.Leases.Kept is not null;
            if (wasKept && outcome == RelayOutcome.ReadOnlyServer)
            {
                return await _refusals.InReadTransactionAsync();
            }

            if (outcome == RelayOutcome.WriteRefused)
            {
                connection.Backend.State.RequestProbe();
                session.Working = null;
                if (!wasKept && session.State.Autocommit)
                {
                    GiveUp(connection, outcome, route);
                }
                else if (!wasKept)
                {
                    // Behind an error no server says whether a transaction has begun.
                    session.Leases.Lose(connection);
                }

                if (!await wait.NextAsync(mayBeBack: true))
                {
                    return await _refusals.WithoutServerAsync(work.Statement) && !begins;
                }

                begins |= LeavesNewTransaction();
                continue;
            }

            GiveUp(connection, outcome, route);
            if (outcome == RelayOutcome.SchemaMissing)
            {
                return await _refusals.WithoutSchemaAsync();
            }

            if (outcome == RelayOutcome.SchemaUnknown && !wasKept && !session.Input.IsRestTaken && LeavesSchema(work, route))
            {
                continue;
            }

            if (!MayRetry(work, outcome, wasKept, attempt, config.Routing))
            {
                return await _refusals.LostAsync(outcome, connection) && !begins;
            }

            Interlocked.Increment(ref outcome == RelayOutcome.ReadOnlyServer ? ref context.Counters.ReadOnlyRetried : ref context.Counters.ReadsRetried);
            (ServerState? failed, onPrimary) = Learn(work, outcome, route);
            avoid = avoid.With(failed);
        }
    }

    /// <summary>Forwards parameter data sent ahead of an execution, which has no answer; false when it was lost.</summary>
    public async ValueTask<bool> SendLongDataAsync(PreparedStatement statement)
    {
        ProxyConfig config = context.Config.Current;
        var work = new Work(statement.Statement, ResponseShape.None, Prepared: statement);
        Route route = session.Leases.Kept is { } kept
            ? new(kept.Backend.State, RouteReason.Held)
            : context.Router.Choose(statement.Statement, statement.Sql, new(session.State.Autocommit, MustSee(work, config.Routing), null, Role: session.Role), config.Routing);
        if (route.Server is null || (await session.Leases.LeaseAsync(statement.Statement, route)).Connection is not { } connection)
        {
            return false;
        }

        session.Leases.Keep(connection);
        if (await _relay.RelayAsync(work, route, connection, config) == RelayOutcome.Completed)
        {
            return connection.Tracker.Summary.ErrorCode == 0;
        }

        session.Leases.Release();
        connection.Pool.Discard(connection);
        return false;
    }

    /// <summary>Sets the pins in <paramref name="mask"/> anew; gives the connection back when none is left.</summary>
    public ValueTask RepinAsync(PinReasons mask, PinReasons pins)
    {
        PinReasons before = session.State.Pins;
        session.State.Pins = (before & ~mask) | pins;
        context.Counters.Pinned(session.State.Pins & ~before);
        if (session.State.KeepsLease)
        {
            return default;
        }

        if (session.Leases.Release() is { } free)
        {
            session.Leases.GaveBack(free);
            session.Leases.GiveBack(free);
        }

        return default;
    }

    /// <summary>At the session's end.</summary>
    public async ValueTask EndAsync()
    {
        if (session.Working is { } working)
        {
            session.Working = null;
            if (session.Leases.Kept != working)
            {
                working.Pool.Discard(working);
            }
        }

        await session.Leases.ReleaseAsync();
    }

    private GtidToken? MustSee(in Work work, RoutingConfig config)
    {
        // Also for a statement that is only prepared: the table that it names may be the session's last write.
        if (work.Statement.Access == StatementAccess.Write)
        {
            return null;
        }

        return config.CausalReads switch
        {
            CausalReadsMode.Session => session.State.LastWrite,
            CausalReadsMode.Global => context.LastWrite.Current,
            _ => null,
        };
    }

    /// <summary>MariaDB keeps the warnings of the statement before over one without a table.</summary>
    private bool LeavesWarnings(in Work work) =>
        session.State.Modes.HasFlag(LexerModes.MariaDb) && work.Statement is { Kind: StatementKind.Select, Access: StatementAccess.Read }
        && !StatementCounts.NamesTables(work.SqlIn(session.Input.Payload));

    /// <summary>A server closes the connection behind this error; the session ends with it where it had a state there.</summary>
    private bool EndConnection(ServerConnection connection)
    {
        context.Counters.Error(connection.Tracker.Summary.ErrorCode, fromProxy: false);
        bool lostState = session.State.KeepsLease;
        session.Working = null;
        Interlocked.MemoryBarrier();
        session.Leases.Release();
        session.State.Lost();
        session.Leases.Lose(connection);
        return !lostState;
    }

    private void GiveUp(ServerConnection connection, RelayOutcome outcome, in Route route)
    {
        session.Working = null;
        Interlocked.MemoryBarrier();
        session.Leases.Release();
        if (outcome.Rule().KeepsConnection)
        {
            connection.Settings = session.State.Settings;
            session.Leases.GiveBack(connection);
        }
        else
        {
            session.Leases.Lose(connection);
            connection.Pool.CloseDead();
            connection.Backend.State.RequestProbe();
        }

        if (outcome == RelayOutcome.WaitTimedOut)
        {
            connection.Counters.CausalTimeouts++;
            connection.Backend.WaitedInVain(TimeSpan.FromMilliseconds(250));
        }
    }

    /// <summary>
    /// A transaction that has just begun on a server that takes writes no more leaves it as soon as another one does; until then
    /// it stays what it is. True: it has to begin again where the statement runs.
    /// </summary>
    private bool LeavesNewTransaction()
    {
        if (session.Leases.Kept is not { } kept || context.Topology.Current.Primary is not { } primary || primary == kept.Backend.State)
        {
            return false;
        }

        session.Leases.Release();
        session.State.Lost();
        session.Leases.Lose(kept);
        return true;
    }

    private bool MayRetry(in Work work, RelayOutcome outcome, bool wasKept, int attempt, RoutingConfig config) =>
        !wasKept && !session.Input.IsRestTaken && attempt < Math.Max(config.ReadRetries, 1) && outcome.Rule().Retry switch
        {
            RetryRule.All => true,
            // A SET that the session did not get an answer to was done on a connection that is gone: it may be done again.
            RetryRule.Reads => work.IsRepeatable || Router.IsCarried(work.Statement),
            _ => false,
        };

    /// <summary>
    /// The primary does not have the session's schema: another session dropped it. The statement runs without one, and the
    /// session is told by 1049 where it needs one. False: that is not the case.
    /// </summary>
    private bool LeavesSchema(in Work work, in Route route)
    {
        if (route.Server != context.Topology.Current.Primary || work.Prepared is not null || session.State.Settings.Schema.Length == 0)
        {
            return false;
        }

        session.State.LeaveSchema();
        return true;
    }

    /// <summary>What a try in vain says about the next one.</summary>
    private (ServerState? Avoid, RouteReason? OnPrimary) Learn(in Work work, RelayOutcome outcome, in Route route)
    {
        switch (outcome)
        {
            case RelayOutcome.ReadOnlyServer:
                context.Refused.Add(work.SqlIn(session.Input.Payload));
                return (route.Server, RouteReason.LearnedWrite);
            case RelayOutcome.WaitTimedOut:
                return (route.Server, RouteReason.NotApplied);
            case RelayOutcome.SchemaUnknown or RelayOutcome.SettingsRefused:
                // What another session did on the primary just now, a replica may not have yet.
                return (route.Server, RouteReason.NotApplied);
            case RelayOutcome.ServerLostBeforeCommand:
                // A connection that was closed while it was idle says nothing about its server: the next one may work.
                return (null, null);
            default:
                return (route.Server, null);
        }
    }
}
