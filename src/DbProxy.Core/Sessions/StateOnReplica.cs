using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// State that pins a session belongs on the primary: a session kept on a replica could write no more. It comes to be on a
/// replica all the same by a read that turns out to leave some (a stored function that sets a variable), by GET DIAGNOSTICS,
/// which must ask where the last statement ran, and in a READ ONLY transaction.
/// </summary>
internal sealed class StateOnReplica(Session session, ProxyContext context)
{
    // Such state could not follow the session off the replica; and a named lock there would keep nobody out.
    private const StatementTraits Lasting = StatementTraits.TemporaryTable | StatementTraits.NamedLock | StatementTraits.SqlPrepared
        | StatementTraits.Handler | StatementTraits.SetsUntracked | StatementTraits.GlobalReadLock;

    private readonly ReplicaVariables _variables = new(session);

    /// <summary>
    /// Whether the statement that just pinned the session to a replica can simply be run again on the primary. In a READ ONLY
    /// transaction, which then moves there, that may also be a SET, and user variables that it named need no such move.
    /// </summary>
    public bool CanRepeat(in Work work, ServerConnection connection, PinReasons pinned) =>
        pinned != PinReasons.None && (pinned & (PinReasons.Cursor | PinReasons.LongData)) == 0 && work.Sql is null && IsReplica(connection)
        && (!session.State.InTransaction
            ? work.Statement.Access == StatementAccess.Read
            : IsReadOnly && (pinned & ~PinReasons.UserVariable) != 0 && (work.Statement.Access == StatementAccess.Read || work.Statement.Kind == StatementKind.Set));

    private bool IsReadOnly => session.State.Status.HasFlag(ServerStatus.InTransactionReadOnly);

    /// <summary>Whether a statement must leave the replica that the session is kept on. One that asks what the last one left there must not.</summary>
    private bool MustLeave(in Work work, ServerConnection kept) =>
        work.Statement.Access == StatementAccess.Write && !work.Statement.HasAny(StatementRelay.AfterLast) && !session.State.InTransaction && session.State.Pins == PinReasons.UserVariable && IsReplica(kept);

    /// <summary>Notes the variables that a statement on a replica may have set.</summary>
    public void Note(in Work work, ServerConnection connection)
    {
        if (work.Statement.HasAny(StatementTraits.AssignsUserVariables) && IsReplica(connection))
        {
            _variables.Note(work);
        }
    }

    /// <summary>Runs the statement again on the primary, without an answer, and keeps that connection instead.</summary>
    public ValueTask RepeatAsync(Work work, StatementRelay relay, ProxyConfig config) =>
        session.State.InTransaction ? RepeatInTransactionAsync(work, relay, config) : RepeatAloneAsync(work, relay, config);

    private async ValueTask RepeatInTransactionAsync(Work work, StatementRelay relay, ProxyConfig config)
    {
        if (session.Leases.Kept is { } kept)
        {
            await MoveTransactionAsync(kept);
        }

        if (session.Leases.Kept is { } connection && !IsReplica(connection))
        {
            await RelaySilentlyAsync(work, relay, connection, config);
        }
    }

    private async ValueTask RepeatAloneAsync(Work work, StatementRelay relay, ProxyConfig config)
    {
        if (await RentPrimaryAsync() is not { } connection)
        {
            return;
        }

        if (await RelaySilentlyAsync(work, relay, connection, config) != RelayOutcome.Completed)
        {
            connection.Pool.Discard(connection);
            return;
        }

        context.Refused.Add(work.SqlIn(session.Input.Payload));
        Replace(connection);
    }

    private async ValueTask<RelayOutcome> RelaySilentlyAsync(Work work, StatementRelay relay, ServerConnection connection, ProxyConfig config)
    {
        session.Working = connection;
        RelayOutcome outcome = await relay.RelayAsync(work, new(connection.Backend.State, RouteReason.LearnedWrite), connection, config, silent: true);
        session.Working = null;
        Interlocked.MemoryBarrier();
        if (outcome == RelayOutcome.Completed)
        {
            // Set again in front of the next statement, they would wipe out what this one left to ask for.
            connection.Settings = session.State.Settings;
        }

        return outcome;
    }

    /// <summary>In front of a statement of a session that has a connection of its own: off the replica, where it must and can.</summary>
    public ValueTask LeaveAsync(in Work work, ServerConnection kept) =>
        work.Statement.Access == StatementAccess.Read || !IsReplica(kept) ? default : LeaveReplicaAsync(work, kept);

    private async ValueTask LeaveReplicaAsync(Work work, ServerConnection kept)
    {
        if (IsReadOnly && LeavesState(work.Statement))
        {
            await MoveTransactionAsync(kept);
            return;
        }

        if (session.State.InTransaction && EndsByItself(work) && await OwnQuery.SucceedsAsync(session, kept, "COMMIT AND NO CHAIN NO RELEASE"))
        {
            session.State.ApplyStatus(kept.Tracker.Summary.Status);
            if (!session.State.KeepsLease && session.Leases.Release() is { } free)
            {
                free.Pool.Return(free);
                return;
            }
        }

        if (MustLeave(work, kept))
        {
            await TakeVariablesAsync(kept);
        }
    }

    private static bool LeavesState(in Statement statement) =>
        statement.HasAny(Lasting) || statement.Kind is StatementKind.Call or StatementKind.Compound or StatementKind.Execute;

    /// <summary>
    /// A READ ONLY transaction goes on on the primary, in front of a statement that leaves state behind: what it reads from here
    /// on is of now, not of its beginning.
    /// </summary>
    private async ValueTask MoveTransactionAsync(ServerConnection kept)
    {
        string? assignments = session.State.Pins.HasFlag(PinReasons.UserVariable) ? await _variables.ReadAsync(kept) : "";
        if (assignments is null || await RentPrimaryAsync() is not { } connection)
        {
            return;
        }

        string? settings = SettingsWriter.Statement(connection.Settings, session.State.Settings, connection.Backend.State.Model);
        if ((settings is null || await OwnQuery.SucceedsAsync(session, connection, settings))
            && (assignments.Length == 0 || await OwnQuery.SucceedsAsync(session, connection, "SET " + assignments))
            && await OwnQuery.SucceedsAsync(session, connection, "START TRANSACTION READ ONLY"))
        {
            connection.Settings = session.State.Settings.WithSchema(connection.Settings.Schema);
            session.State.ApplyStatus(connection.Tracker.Summary.Status);
            Replace(connection);
            return;
        }

        connection.Pool.Discard(connection);
    }

    /// <summary>
    /// Whether a statement commits the READ ONLY transaction by itself, and then runs as outside of one; but on MySQL a BEGIN
    /// begins another READ ONLY one, and UNLOCK TABLES ends nothing where no table is locked, as on a replica.
    /// </summary>
    private bool EndsByItself(in Work work) => work.Statement.HasAny(StatementTraits.ImplicitCommit)
        && !work.Statement.HasAny(StatementTraits.UnlocksTables)
        && (session.State.Modes.HasFlag(LexerModes.MariaDb) || !work.Statement.HasAny(StatementTraits.BeginsTransaction));

    /// <summary>Takes the session's user variables to the primary, where that is possible.</summary>
    private async ValueTask TakeVariablesAsync(ServerConnection kept)
    {
        if (await _variables.ReadAsync(kept) is not { } assignments)
        {
            return;
        }

        if (await RentPrimaryAsync() is not { } connection)
        {
            return;
        }

        if (!await OwnQuery.SucceedsAsync(session, connection, "SET " + assignments))
        {
            connection.Pool.Discard(connection);
            return;
        }

        Replace(connection);
    }

    /// <summary>Whether it is a server that the session's state must not be on; where there are replicas only, it may be on one.</summary>
    private bool IsReplica(ServerConnection connection) =>
        session.Role != ListenRole.Replica && connection.Backend.State != context.Topology.Current.Primary;

    private async ValueTask<ServerConnection?> RentPrimaryAsync() =>
        context.Topology.Current.Primary is { } primary ? (await session.Pools![primary].RentAsync(session)).Connection : null;

    private void Replace(ServerConnection connection)
    {
        ServerConnection? old = session.Leases.Release();
        session.Leases.Keep(connection);
        old?.Pool.Discard(old);
        _variables.Forget();
    }
}
