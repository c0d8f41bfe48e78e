using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Core.Configuration;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>One statement over one leased connection: what must go in front of it, and which form it takes there.</summary>
internal sealed class StatementRelay(Session session, ProxyContext context)
{
    /// <summary>What a statement may ask of the one before it.</summary>
    public const StatementTraits AfterLast = StatementTraits.FoundRows | StatementTraits.RowCount | StatementTraits.Diagnostics;

    /// <summary>What a statement may ask of earlier ones.</summary>
    public const StatementTraits AsksBack = AfterLast | StatementTraits.LastInsertId;

    private readonly CommandRelay _relay = new(session.Input, () => session.Channel, summary => Announce(summary, context));

    /// <summary>Sends the statement and relays its response.</summary>
    /// <param name="work">The statement.</param>
    /// <param name="route">Where it goes, and why.</param>
    /// <param name="connection">A connection there.</param>
    /// <param name="config">The configuration of this statement.</param>
    /// <param name="silent">Whether the client sees nothing of the response.</param>
    /// <param name="begins">Whether the session's transaction begins on this connection, ahead of the statement.</param>
    public ValueTask<RelayOutcome> RelayAsync(
        in Work work, in Route route, ServerConnection connection, ProxyConfig config, bool silent = false, bool begins = false)
    {
        var translation = new ResponseTranslation(
            connection.DeprecatesEof, session.Capabilities.HasFlag(Capabilities.DeprecateEof), connection.TracksSession,
            session.Capabilities.HasFlag(Capabilities.SessionTrack), session.State.LastingStatus,
            connection.Capabilities.HasFlag(Capabilities.OptionalResultsetMetadata), session.State.Trackers?.Filter, session.MoreFollows);
        bool replica = session.Role != ListenRole.Replica && connection.Backend.State != context.Topology.Current.Primary;
        bool streams = session.Input.HasRest;
        bool handsBack = replica && !streams
            && (session.Leases.Kept is null
                ? work.IsRepeatable
                : session.State.Status.HasFlag(ServerStatus.InTransactionReadOnly) && !work.Statement.HasAny(StatementTraits.MultiStatement));
        var request = new RelayRequest(
            work.Command.IsEmpty ? session.Input.Packet : work.Command, work.Shape, work.IsRepeatable, Silent: silent || work.Silent,
            StatementId: work.StatementId, HandsBackReadOnly: handsBack,
            HandsBackWrite: !streams && session.Role != ListenRole.Replica && CanWait(work.Statement) && (session.Leases.Kept is null || (session.State.IsNewTransaction && session.State.Pins == PinReasons.None)),
            HandsBackShutdown: !streams && session.Leases.Kept is null && work.IsRepeatable,
            HandsBackNoSchema: session.State.MissingSchema is not null && session.Leases.Kept is null, Streams: streams);
        if (work.Statement.HasAny(StatementTraits.RowCount | StatementTraits.FoundRows) && work.TextAt > 0 && !streams
            && session.Leases.Counts.Answer(work.Statement, session.Input.Payload[work.TextAt..], session.State.Modes, connection, session.Leases.Last) is { } answered)
        {
            request = request with { Bytes = OwnIds.Framed(session.Input.Payload[..work.TextAt], answered) };
        }

        if (work.Statement.NamesTrackers)
        {
            return RelayWithTrackersAsync(work, route, connection, request, translation with { Filter = ClientTrackers.Everything }, config, begins);
        }

        bool standsThere = !begins && route.WaitFor is null && ReferenceEquals(connection.Settings, session.State.Settings)
            && !connection.Statements.HasClosing && connection.MultiStatements == session.State.MultiStatements
            && !work.Statement.HasAny(AsksBack) && !InsertIds.NeedsStep(work.Statement, connection, session);
        if (TellsLate(work.Statement, connection))
        {
            return RelayAndAskAsync(work, route, connection, request, translation, config, begins);
        }

        return standsThere && IsReady(work, connection)
            ? _relay.RelayAsync(connection, request, null, translation)
            : RelayWithPreambleAsync(work, route, connection, request, translation, config, begins);
    }

    /// <summary>
    /// Whether a write that a server refuses as read-only has certainly done nothing, and so may run elsewhere later: one
    /// statement, which servers refuse before it begins or roll back whole. A procedure may have done a part of its work.
    /// </summary>
    private static bool CanWait(in Statement statement) =>
        statement.Kind is StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Replace or StatementKind.Ddl
        && statement.Access == StatementAccess.Write && !statement.HasAny(StatementTraits.MultiStatement);

    private bool HasAttributes => session.Capabilities.HasFlag(Capabilities.QueryAttributes);

    /// <summary>Whether the client's packet can go out as it is, but for the id of a prepared statement.</summary>
    private bool IsReady(in Work work, ServerConnection connection) =>
        work.Prepared is not { } prepared
        || (connection.Statements.Find(prepared) is { } entry && ExecutePacket.FitInPlace(session.Input, prepared, entry, HasAttributes));

    /// <summary>A statement that reads or sets what the client wants to be told runs with the client's values in place.</summary>
    private async ValueTask<RelayOutcome> RelayWithTrackersAsync(
        Work work, Route route, ServerConnection connection, RelayRequest request, ResponseTranslation translation, ProxyConfig config, bool begins)
    {
        RelayOutcome outcome = await RelayWithPreambleAsync(work, route, connection, request, translation, config, begins);
        if (outcome.Rule().KeepsConnection && !await new TrackerRelay(session, _relay).RestoreAsync(connection, work))
        {
            // The client has its answer. Whoever uses the connection next finds that it is gone.
            connection.Abort();
        }

        return outcome;
    }

    /// <summary>MySQL without DEPRECATE_EOF: what a function in a SELECT left behind would come with another statement's OK, perhaps another session's.</summary>
    public static bool TellsLate(in Statement statement, ServerConnection connection) => statement.HasAny(StatementTraits.CallsStoredFunction)
        && connection is { DeprecatesEof: false, TracksSession: true, Backend.State.Model.Flavor: ServerFlavor.MySql };

    private async ValueTask<RelayOutcome> RelayAndAskAsync(
        Work work, Route route, ServerConnection connection, RelayRequest request, ResponseTranslation translation, ProxyConfig config, bool begins)
    {
        RelayOutcome outcome = await RelayWithPreambleAsync(work, route, connection, request, translation, config, begins);
        if (outcome != RelayOutcome.Completed || connection.Tracker.Summary is not { HasRows: true, ErrorCode: 0 })
        {
            return outcome;
        }

        if (await _relay.AskForStateAsync(connection))
        {
            Announce(connection.Tracker.Summary, context);
        }
        else
        {
            // The client has its answer. Whoever uses the connection next finds that it is gone.
            connection.Abort();
        }

        return outcome;
    }

    private async ValueTask<RelayOutcome> RelayWithPreambleAsync(
        Work work, Route route, ServerConnection connection, RelayRequest request, ResponseTranslation translation, ProxyConfig config, bool begins)
    {
        using var preamble = new Preamble(connection.HasQueryAttributes);
        PreparedOnConnection.Entry? entry = null;
        if (work.Prepared is { } prepared)
        {
            entry = connection.Statements.Find(prepared);
            if (request.Streams && (entry is null || !ExecutePacket.FitInPlace(session.Input, prepared, entry, HasAttributes)))
            {
                // It has to be written anew, or may be answered by an error at once: both need its end.
                InputResult rest = await session.Input.ReadWholeAsync();
                if (rest != InputResult.Packet)
                {
                    return rest == InputResult.TooLarge ? RelayOutcome.StatementTooLarge : RelayOutcome.ClientGone;
                }

                request = request with { Bytes = session.Input.Packet, Streams = false };
            }

            if (entry is null)
            {
                RelayOutcome outcome = await PrepareHereAsync(prepared, connection, preamble);
                if (outcome != RelayOutcome.Completed || connection.Tracker.Summary.ErrorCode != 0)
                {
                    return outcome == RelayOutcome.Completed ? await RestoreAsync(connection) : outcome;
                }

                entry = connection.Statements.Add(prepared, connection.Tracker.Summary.StatementId, config.Pool.PreparedStatements);
                preamble.Clear();
            }
        }

        await FillAsync(preamble, work, connection);
        if (begins)
        {
            preamble.AddQuery(PreambleStep.Begin, "START TRANSACTION");
        }

        if (route.WaitFor is { } token)
        {
            preamble.AddWait(token, config.Routing.CausalWait);
            connection.Counters.CausalWaits++;
        }

        using PacketWriter? rewritten = entry is null || ExecutePacket.FitInPlace(session.Input, work.Prepared!, entry, HasAttributes)
            ? null
            : ExecutePacket.WithTypes(session.Input, work.Prepared!, entry, HasAttributes);
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

        preamble.AddSettings(connection, session.State.Settings);
        if (work.Statement.NamesTrackers)
        {
            preamble.AddQuery(PreambleStep.Trackers, ClientTrackers.Adopt(
                session.State.Trackers, connection.Backend.State.Model.Flavor, session.State.InTransaction));
        }

        if (connection.MultiStatements != session.State.MultiStatements)
        {
            preamble.AddMultiStatements(session.State.MultiStatements);
            connection.MultiStatements = session.State.MultiStatements;
        }

        await InsertIds.AddAsync(preamble, work.Statement, connection, session);

        if (work.Statement.HasAny(AfterLast) && connection != session.Leases.Last)
        {
            // MariaDB forgets what was before at statements with a table only. ROW_COUNT() is -1 behind rows and errors.
            bool hadRows = session.Leases.Counts.RowCount < 0 || work.Statement.HasAny(StatementTraits.FoundRows);
            preamble.AddQuery(PreambleStep.ClearDiagnostics, hadRows ? "SELECT 1 FROM (SELECT 1) t LIMIT 0" : "DO (SELECT 1 FROM (SELECT 1) t)");
        }
    }

    /// <summary>Prepares a statement of the client's on a connection that lacks it, as it was prepared at first; an error goes to the client.</summary>
    private async ValueTask<RelayOutcome> PrepareHereAsync(PreparedStatement prepared, ServerConnection connection, Preamble preamble)
    {
        // Without a schema the text names each table's: any will do.
        SessionSettings settings = prepared.Settings.Schema.Length > 0
            ? prepared.Settings
            : prepared.Settings.WithSchema(connection.Settings.Schema);
        preamble.AddSettings(connection, settings);
        using var command = new PacketWriter();
        command.Begin(0);
        command.WriteByte((byte)CommandKind.StmtPrepare);
        command.WriteBytes(prepared.Sql);
        command.End();
        var request = new RelayRequest(command.WrittenMemory, ResponseShape.Prepare, IsRead: true, Discard: true);
        RelayOutcome outcome = await _relay.RelayAsync(connection, request, preamble, connection.OwnAnswers);
        connection.Settings = settings;
        return outcome;
    }

    /// <summary>Behind a failed preparation: the connection to where the session stands.</summary>
    private async ValueTask<RelayOutcome> RestoreAsync(ServerConnection connection)
    {
        using var preamble = new Preamble(connection.HasQueryAttributes);
        preamble.AddSettings(connection, session.State.Settings);
        if (preamble.IsEmpty)
        {
            return RelayOutcome.Completed;
        }

        using var command = new PacketWriter();
        SettingsWriter.WriteQuery(command, "DO 0", connection.HasQueryAttributes);
        var request = new RelayRequest(command.WrittenMemory, ResponseShape.Results, IsRead: true, Silent: true);
        return await _relay.RelayAsync(connection, request, preamble, connection.OwnAnswers);
    }

    /// <summary>A client that was told of a write may ask for it through another session at once.</summary>
    private static void Announce(ResponseSummary summary, ProxyContext context)
    {
        if (context.Config.Current.Routing.CausalReads == CausalReadsMode.Global && StateChanges.Written(summary) is { } written)
        {
            context.LastWrite.Advance(written);
        }
    }
}
