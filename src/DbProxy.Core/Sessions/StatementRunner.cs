using System.Diagnostics;
using System.Runtime.CompilerServices;
using DbProxy.Core.Accounting;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Gtids;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>A command on its way through the stages.</summary>
/// <param name="Statement">What it does.</param>
/// <param name="Shape">What may come back.</param>
/// <param name="IsText">Whether the packet's payload is the statement itself.</param>
/// <param name="Prepared">The prepared statement that is executed; null: none.</param>
/// <param name="StatementId">The client's id for a statement to prepare.</param>
/// <param name="Sql">The statement to prepare; null: nothing is prepared.</param>
/// <param name="Schema">The schema that the session is in if the command succeeds; null: as before.</param>
internal readonly record struct Work(
    Statement Statement, ResponseShape Shape, bool IsText = false, PreparedStatement? Prepared = null, uint StatementId = 0,
    byte[]? Sql = null, string? Schema = null);

/// <summary>The data path of a statement: route → lease → relay → apply → return, again where nothing was sent yet.</summary>
internal sealed class StatementRunner(Session session, ProxyContext context)
{
    private const StatementTraits AfterLast = StatementTraits.FoundRows | StatementTraits.RowCount | StatementTraits.Diagnostics;
    private const StatementTraits AsksBack = AfterLast | StatementTraits.LastInsertId;

    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(100);

    private readonly CommandRelay _relay = new(session.Input, () => session.Channel, summary => Announce(summary, context));

    /// <summary>Whether the last statement ended without an error.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Parameters of the statement prepared last.</summary>
    public ushort PreparedParameters { get; private set; }

    /// <summary>Runs one command. False: the session must end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RunAsync(Work work)
    {
        ProxyConfig config = context.Config.Current;
        ServerState? avoid = null;
        GtidToken? mustSee = MustSee(work, config.Routing);
        Succeeded = false;
        long deadline = 0;
        for (int attempt = 0; ; attempt++)
        {
            Route route = session.Leases.Kept is { } kept
                ? new(kept.Backend.State, RouteReason.Held)
                : context.Router.Choose(work.Statement, SqlOf(work), new(session.State.Autocommit, mustSee, avoid), config.Routing);
            if (route.Server is null)
            {
                if (!await ServerAppearsAsync(config.Routing.PrimaryWait, mayBeBack: avoid is not null, ref deadline))
                {
                    return await RefuseAsync(work.Statement);
                }

                avoid = null;
                attempt = -1;
                continue;
            }

            LeaseResult lease = await LeaseAsync(work.Statement, route);
            if (lease.Connection is not { } connection)
            {
                if (lease.Failure == LeaseFailure.CannotConnect && attempt < config.Routing.ReadRetries)
                {
                    avoid = route.Server;
                    continue;
                }

                return await RefuseAsync(lease, route.Server);
            }

            long started = Stopwatch.GetTimestamp();
            session.Working = connection;
            RelayOutcome outcome = await RelayAsync(work, route, connection, config);
            if (outcome == RelayOutcome.Completed)
            {
                Finish(work, route, connection, started);
                return true;
            }

            bool wasKept = session.Leases.Kept is not null;
            if (wasKept && outcome == RelayOutcome.ReadOnlyServer)
            {
                return await RefuseInReadTransactionAsync();
            }

            GiveUp(connection, outcome, route);
            if (!MayRetry(work, outcome, wasKept, attempt, config.Routing))
            {
                return await FailAsync(outcome, connection);
            }

            Interlocked.Increment(ref outcome == RelayOutcome.ReadOnlyServer ? ref context.Counters.ReadOnlyRetried : ref context.Counters.ReadsRetried);
            (avoid, mustSee) = Learn(work, outcome, route, mustSee);
            work = outcome is RelayOutcome.ReadOnlyServer or RelayOutcome.WaitTimedOut ? OnPrimary(work) : work;
        }
    }

    /// <summary>Ends what the session has on servers; false when that failed and state may be lost.</summary>
    public async ValueTask<bool> ReleaseAsync()
    {
        session.Leases.DropAll();
        if (session.Leases.Release() is not { } kept)
        {
            return true;
        }

        if (!kept.IsClosed && await ServerConnector.ResetAsync(kept))
        {
            kept.Pool.Return(kept);
            return true;
        }

        kept.Pool.Discard(kept);
        return false;
    }

    /// <summary>Forwards parameter data sent ahead of an execution, which has no answer; false when it was lost.</summary>
    public async ValueTask<bool> SendLongDataAsync(PreparedStatement statement)
    {
        ProxyConfig config = context.Config.Current;
        var work = new Work(statement.Statement, ResponseShape.None, Prepared: statement);
        Route route = session.Leases.Kept is { } kept
            ? new(kept.Backend.State, RouteReason.Held)
            : context.Router.Choose(statement.Statement, statement.Sql, new(session.State.Autocommit, MustSee(work, config.Routing), null), config.Routing);
        if (route.Server is null || (await LeaseAsync(statement.Statement, route)).Connection is not { } connection)
        {
            return false;
        }

        session.Leases.Keep(connection);
        if (await RelayAsync(work, route, connection, config) == RelayOutcome.Completed)
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
            free.Pool.Return(free);
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

        await ReleaseAsync();
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

    private ReadOnlySpan<byte> SqlOf(in Work work) =>
        work.Prepared is { } prepared ? prepared.Sql : work.IsText ? session.Input.Payload[1..] : work.Sql;

    private async ValueTask<LeaseResult> LeaseAsync(Statement statement, Route route)
    {
        LeaseHolder leases = session.Leases;
        if (leases.Kept is { } kept)
        {
            return kept;
        }

        // What the last statement left is asked for where it ran; a statement that also writes goes to the primary only.
        bool anywhere = statement.HasAny(AfterLast) && statement.Kind is StatementKind.Select or StatementKind.Show or StatementKind.GetDiagnostics;
        if (leases.TakeHeld(anywhere ? null : route.Server) is { } held)
        {
            return held;
        }

        leases.DropHeld();
        if (anywhere && leases.Last is { } last && last.Pool.TryRentAgain(last, session))
        {
            return last;
        }

        return await session.Pools[route.Server!.Index].RentAsync(session);
    }

    private ValueTask<RelayOutcome> RelayAsync(in Work work, in Route route, ServerConnection connection, ProxyConfig config)
    {
        var translation = new ResponseTranslation(
            connection.DeprecatesEof, session.Capabilities.HasFlag(Capabilities.DeprecateEof), connection.TracksSession,
            session.Capabilities.HasFlag(Capabilities.SessionTrack), session.State.Status & ~ServerStatus.SessionStateChanged);
        bool isRead = work.Statement.Access == StatementAccess.Read || work.Sql is not null;
        bool replica = connection.Backend.State != context.Topology.Current.Primary;
        bool handsBack = replica && (session.Leases.Kept is null ? isRead : session.State.Status.HasFlag(ServerStatus.InTransactionReadOnly));
        var request = new RelayRequest(
            session.Input.Packet, work.Shape, isRead, StatementId: work.StatementId, HandsBackReadOnly: handsBack);
        bool plain = work.Prepared is null && route.WaitFor is null && ReferenceEquals(connection.Settings, session.State.Settings)
            && !connection.Statements.HasClosing && connection.MultiStatements == session.State.MultiStatements
            && !work.Statement.HasAny(AsksBack);
        return plain
            ? _relay.RelayAsync(connection, request, null, translation)
            : RelayWithPreambleAsync(work, route, connection, request, translation, config);
    }

    private async ValueTask<RelayOutcome> RelayWithPreambleAsync(
        Work work, Route route, ServerConnection connection, RelayRequest request, ResponseTranslation translation, ProxyConfig config)
    {
        using var preamble = new Preamble();
        await FillAsync(preamble, work, connection);
        PreparedOnConnection.Entry? entry = null;
        if (work.Prepared is { } prepared)
        {
            connection.Settings = session.State.Settings;
            entry = connection.Statements.Find(prepared);
            if (entry is null)
            {
                RelayOutcome outcome = await PrepareHereAsync(prepared, connection, preamble);
                if (outcome != RelayOutcome.Completed || connection.Tracker.Summary.ErrorCode != 0)
                {
                    return outcome;
                }

                entry = connection.Statements.Add(prepared.SqlBytes, connection.Tracker.Summary.StatementId, config.Pool.PreparedStatements);
                preamble.Clear();
            }
        }

        if (route.WaitFor is { } token)
        {
            preamble.AddWait(token, config.Routing.CausalWait);
            connection.Counters.CausalWaits++;
        }

        using PacketWriter? rewritten = entry is null ? null : ExecutePacket.Fit(session.Input, work.Prepared!, entry);
        RelayOutcome result = await _relay.RelayAsync(
            connection, rewritten is null ? request : request with { Bytes = rewritten.WrittenMemory }, preamble, translation);
        if (route.WaitFor is not null && result == RelayOutcome.Completed)
        {
            connection.Backend.State.LearnApplied(route.WaitFor);
        }

        return result;
    }

    private async ValueTask FillAsync(Preamble preamble, Work work, ServerConnection connection)
    {
        if (connection.Statements.HasClosing)
        {
            connection.Statements.WriteClosing(preamble.Writer);
        }

        preamble.AddSettings(connection, session.State);
        if (connection.MultiStatements != session.State.MultiStatements)
        {
            preamble.AddMultiStatements(session.State.MultiStatements);
            connection.MultiStatements = session.State.MultiStatements;
        }

        if (work.Statement.HasAny(StatementTraits.LastInsertId) && connection.InsertIdSession != session.Id)
        {
            await session.Leases.InsertIdKnown;
            preamble.AddQuery(PreambleStep.InsertId, $"SET last_insert_id={session.State.LastInsertId}");
        }

        if (work.Statement.HasAny(AfterLast) && connection != session.Leases.Last)
        {
            preamble.AddQuery(PreambleStep.ClearDiagnostics, "DO 0");
        }
    }

    /// <summary>Prepares a statement of the client's on a connection that lacks it; an error goes to the client.</summary>
    private async ValueTask<RelayOutcome> PrepareHereAsync(PreparedStatement prepared, ServerConnection connection, Preamble preamble)
    {
        using var command = new PacketWriter();
        command.Begin(0);
        command.WriteByte((byte)CommandKind.StmtPrepare);
        command.WriteBytes(prepared.Sql);
        command.End();
        var request = new RelayRequest(command.WrittenMemory, ResponseShape.Prepare, IsRead: true, Discard: true);
        return await _relay.RelayAsync(
            connection, request, preamble, ResponseTranslation.None(connection.DeprecatesEof, connection.TracksSession));
    }

    private void Finish(in Work work, in Route route, ServerConnection connection, long started)
    {
        ResponseSummary summary = connection.Tracker.Summary;
        GtidToken? written = session.State.LastWrite;
        PinReasons unsure = summary.SessionState.IsEmpty
            ? PinReasons.None
            : ConnectionCollation.Note(session.State, work.Statement, work.Statement.Kind == StatementKind.Set ? SqlOf(work) : [], summary);
        PinReasons pinned = StateChanges.Apply(session.State, work.Statement, connection, context.Topology) | (unsure & ~session.State.Pins);
        session.State.Pins |= unsure;
        if (pinned != PinReasons.None)
        {
            context.Counters.Pinned(pinned);
            Log.Pinned(context.Logger, session.Id, connection.Backend.State.Name, pinned);
        }

        Log.Routed(context.Logger, session.Id, work.Statement.Kind, connection.Backend.State.Name, route.Reason, summary.ErrorCode);
        if (!ReferenceEquals(written, session.State.LastWrite))
        {
            context.LastWrite.Advance(session.State.LastWrite!);
        }

        Succeeded = summary.ErrorCode == 0;
        if (!Succeeded)
        {
            connection.Counters.Errors++;
            context.Counters.Error(summary.ErrorCode, fromProxy: false);
        }

        if (Succeeded && work.Schema is not null)
        {
            // The tracker says so too, where the server has one.
            session.State.SetSchema(work.Schema);
            connection.Settings = session.State.Settings;
        }

        if (Succeeded && work.Sql is not null)
        {
            PreparedParameters = summary.Parameters;
            connection.Statements.Add(work.Sql, summary.StatementId, context.Config.Current.Pool.PreparedStatements);
        }

        if (summary.LastInsertId != 0 || work.Statement.HasAny(StatementTraits.SetsLastInsertId))
        {
            connection.InsertIdSession = session.Id;
        }

        connection.Counters.Count(connection.Backend.State.Model.Role == ServerRole.Replica, ClassOf(work), route.Reason);
        connection.Counters.Latency.Record(Stopwatch.GetTimestamp() - started);
        session.Working = null;
        GiveBack(work.Statement, summary, connection);
    }

    private void GiveBack(in Statement statement, ResponseSummary summary, ServerConnection connection)
    {
        if (session.State.KeepsLease)
        {
            session.Leases.Keep(connection);
            return;
        }

        // A pin that ended leaves a connection that other sessions may have: what pinned it is gone.
        session.Leases.Release();
        bool leavesTraces = summary.AffectedRows != 0 || summary.Warnings != 0 || summary.ErrorCode != 0
            || connection.InsertIdSession == session.Id || statement.HasAny(StatementTraits.CalcFoundRows | AsksBack);
        if (leavesTraces)
        {
            session.Leases.Hold(connection);
        }
        else
        {
            session.Leases.GaveBack(connection);
            connection.Pool.Return(connection);
        }
    }

    private void GiveUp(ServerConnection connection, RelayOutcome outcome, in Route route)
    {
        session.Working = null;
        session.Leases.Release();
        if (outcome.Rule().KeepsConnection)
        {
            connection.Settings = session.State.Settings;
            connection.Pool.Return(connection);
        }
        else
        {
            connection.Pool.Discard(connection);
            connection.Pool.CloseDead();
            connection.Backend.State.RequestProbe();
        }

        if (outcome == RelayOutcome.WaitTimedOut)
        {
            connection.Counters.CausalTimeouts++;
            connection.Backend.WaitedInVain(TimeSpan.FromMilliseconds(250));
        }
    }

    private static bool MayRetry(in Work work, RelayOutcome outcome, bool wasKept, int attempt, RoutingConfig config) =>
        !wasKept && attempt < Math.Max(config.ReadRetries, 1) && outcome.Rule().Retry switch
        {
            RetryRule.All => true,
            RetryRule.Reads => work.Statement.Access == StatementAccess.Read || work.Sql is not null,
            _ => false,
        };

    private (ServerState? Avoid, GtidToken? MustSee) Learn(in Work work, RelayOutcome outcome, in Route route, GtidToken? mustSee)
    {
        if (outcome == RelayOutcome.ReadOnlyServer)
        {
            context.Refused.Add(SqlOf(work));
        }

        // A connection that was closed while it was idle says nothing about its server: the next one may work.
        return (outcome == RelayOutcome.ServerLostBeforeCommand ? null : route.Server, mustSee);
    }

    /// <summary>A client that was told of a write may ask for it through another session at once.</summary>
    private static void Announce(ResponseSummary summary, ProxyContext context)
    {
        if (context.Config.Current.Routing.CausalReads == CausalReadsMode.Global && StateChanges.Written(summary) is { } written)
        {
            context.LastWrite.Advance(written);
        }
    }

    private static Work OnPrimary(in Work work) =>
        work with { Statement = work.Statement with { Hint = RoutingHint.Primary } };

    private static StatementClass ClassOf(in Work work) =>
        work.Sql is not null ? StatementClass.Prepare
        : work.Statement.Access == StatementAccess.Read ? StatementClass.Read
        : work.Statement.HasAny(StatementTraits.BeginsTransaction | StatementTraits.EndsTransaction) ? StatementClass.Transaction
        : work.Statement.Kind is StatementKind.Set or StatementKind.Show or StatementKind.Use ? StatementClass.Other
        : StatementClass.Write;

    /// <summary>Waits, within the limit, for a server to try; false when the time is up.</summary>
    /// <param name="limit">For all waits of the statement together.</param>
    /// <param name="mayBeBack">A server that is taken for up could not be reached: a restart may be over before the
    /// monitor has noticed anything, so it is tried again after a moment.</param>
    /// <param name="deadline">The end of the limit; 0 before the first wait.</param>
    private ValueTask<bool> ServerAppearsAsync(TimeSpan limit, bool mayBeBack, ref long deadline)
    {
        long now = Stopwatch.GetTimestamp();
        if (deadline == 0)
        {
            Interlocked.Increment(ref context.Counters.PrimaryWaits);
            deadline = now + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        }

        TimeSpan rest = Stopwatch.GetElapsedTime(now, deadline);
        return now >= deadline ? new(false) : mayBeBack && rest > _again ? WaitAsync(_again, whenOver: true) : WaitAsync(rest, whenOver: false);
    }

    private async ValueTask<bool> WaitAsync(TimeSpan time, bool whenOver)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            await context.Topology.WaitForChangeAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return whenOver;
        }

        return true;
    }

    private ValueTask<bool> RefuseAsync(in Statement statement) => statement.Access == StatementAccess.Write
        ? session.SendErrorAsync(MySqlErrors.ReadOnlyMode, "There is no primary server at present, so nothing can be written. Try again when one is up.")
        : session.SendErrorAsync(MySqlErrors.CannotConnect, "No server is available for this read at present. Try again when one is up.");

    /// <summary>A replica's complaint that it is read-only is news to a client that knows of one server: its own transaction is.</summary>
    private ValueTask<bool> RefuseInReadTransactionAsync()
    {
        session.Working = null;
        return session.SendErrorAsync(MySqlErrors.ReadOnlyTransaction, "Cannot execute statement in a READ ONLY transaction.");
    }

    private ValueTask<bool> RefuseAsync(in LeaseResult lease, ServerState server) => lease.Failure == LeaseFailure.Exhausted
        ? session.SendErrorAsync(MySqlErrors.TooManyConnections, $"All connections of this user to server {server.Name} are in use (Pool.MaxConnections); none became free in time (Pool.AcquireTimeout).")
        : session.SendErrorAsync(lease.Error ?? new(MySqlErrors.CannotConnect, $"Can't connect to server {server.Name}"));

    private async ValueTask<bool> FailAsync(RelayOutcome outcome, ServerConnection connection)
    {
        OutcomeRule rule = outcome.Rule();
        Log.RelayFailed(context.Logger, session.Id, connection.Backend.State.Name, outcome);
        if (!rule.KeepsSession)
        {
            // Part of a result may be with the client already: an error packet would be taken for a row.
            return false;
        }

        bool lostState = session.State.KeepsLease;
        session.State.Lost();
        await session.SendErrorAsync(rule.Error, string.Format(System.Globalization.CultureInfo.InvariantCulture, rule.Text, connection.Backend.State.Name));
        return !lostState;
    }
}
