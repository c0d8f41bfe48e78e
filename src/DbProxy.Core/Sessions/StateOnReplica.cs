using System.Globalization;
using System.Text;
using System.Text.Json;
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
    // More variables than this are not worth a statement of that length.
    private const int MaxVariables = 64;

    // Such state could not follow the session off the replica; and a named lock there would keep nobody out.
    private const StatementTraits Lasting = StatementTraits.TemporaryTable | StatementTraits.NamedLock | StatementTraits.SqlPrepared
        | StatementTraits.Handler | StatementTraits.SetsUntracked | StatementTraits.GlobalReadLock;

    private readonly List<string> _names = [];
    private bool _unknownNames;
    private bool _unsigned;

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
        if (!work.Statement.HasAny(StatementTraits.AssignsUserVariables) || !IsReplica(connection))
        {
            return;
        }

        _unsigned = work.Statement.Kind == StatementKind.GetDiagnostics;
        _unknownNames |= !UserVariableNames.Collect(work.SqlIn(session.Input.Payload), session.State.Modes, _names) || _names.Count > MaxVariables;
    }

    /// <summary>Runs the statement again on the primary, without an answer, and keeps that connection instead.</summary>
    public async ValueTask RepeatAsync(Work work, StatementRelay relay, ProxyConfig config)
    {
        bool moves = session.State.InTransaction;
        if (moves && session.Leases.Kept is { } kept)
        {
            await MoveTransactionAsync(kept);
        }

        if ((moves ? session.Leases.Kept : await RentPrimaryAsync()) is not { } connection || IsReplica(connection))
        {
            return;
        }

        session.Working = connection;
        RelayOutcome outcome = await relay.RelayAsync(work, new(connection.Backend.State, RouteReason.LearnedWrite), connection, config, silent: true);
        session.Working = null;
        Interlocked.MemoryBarrier();
        if (moves)
        {
            return;
        }

        if (outcome != RelayOutcome.Completed)
        {
            connection.Pool.Discard(connection);
            return;
        }

        context.Refused.Add(work.SqlIn(session.Input.Payload));
        Replace(connection);
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

        if (session.State.InTransaction && EndsByItself(work) && await QueryAsync(kept, "COMMIT AND NO CHAIN NO RELEASE"))
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
        string? assignments = session.State.Pins.HasFlag(PinReasons.UserVariable) ? await ReadNamedAsync(kept) : "";
        if (assignments is null || await RentPrimaryAsync() is not { } connection)
        {
            return;
        }

        string? settings = SettingsWriter.Statement(connection.Settings, session.State.Settings, connection.Backend.State.Model);
        if ((settings is null || await QueryAsync(connection, settings))
            && (assignments.Length == 0 || await QueryAsync(connection, "SET " + assignments))
            && await QueryAsync(connection, "START TRANSACTION READ ONLY"))
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
    /// begins another READ ONLY one.
    /// </summary>
    private bool EndsByItself(in Work work) => work.Statement.HasAny(StatementTraits.ImplicitCommit)
        && (session.State.Modes.HasFlag(LexerModes.MariaDb) || !work.Statement.HasAny(StatementTraits.BeginsTransaction));

    /// <summary>Takes the session's user variables to the primary, where that is possible.</summary>
    private async ValueTask TakeVariablesAsync(ServerConnection kept)
    {
        if (await ReadNamedAsync(kept) is not { } assignments)
        {
            return;
        }

        if (await RentPrimaryAsync() is not { } connection)
        {
            return;
        }

        if (!await QueryAsync(connection, "SET " + assignments))
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
        _names.Clear();
        _unknownNames = false;
    }

    private async ValueTask<string?> ReadNamedAsync(ServerConnection kept) =>
        _unknownNames || _names.Count == 0 ? null : await ReadAsync(kept);

    /// <summary>The variables' values as a list of assignments; null: they cannot be had.</summary>
    private async ValueTask<string?> ReadAsync(ServerConnection kept)
    {
        // Numbers have the character set binary; hexadecimal digits are the same in every character set.
        string list = string.Join(',', _names.Select(n => $"CHARSET(@`{n}`),@`{n}`"));
        if (!await QueryAsync(kept, $"SELECT HEX(CONVERT(JSON_ARRAY({list}) USING utf8mb4))"))
        {
            return null;
        }

        // One value, its length in front: one byte, or 0xFC and two.
        ReadOnlySpan<byte> row = kept.Tracker.Summary.FirstRow;
        row = row.Length > 3 && row[0] == 0xFC ? row[3..] : row.Length > 1 ? row[1..] : [];
        try
        {
            using var values = JsonDocument.Parse(Convert.FromHexString(Encoding.ASCII.GetString(row)));
            return string.Join(',', _names.Select((n, i) => $"@`{n}`={Literal(values.RootElement[2 * i].GetString(), values.RootElement[(2 * i) + 1])}"));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private string Literal(string? charset, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return "NULL";
        }

        string text = value.ToString();
        if (charset != "binary")
        {
            return $"CONVERT(CONVERT(X'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}' USING utf8mb4) USING {charset})";
        }

        bool isNumber = decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        return !isNumber ? throw new FormatException("A binary text.") : _unsigned ? $"CAST({text} AS UNSIGNED)" : text;
    }

    private async ValueTask<bool> QueryAsync(ServerConnection connection, string sql)
    {
        var relay = new CommandRelay(session.Input, () => session.Channel);
        using var command = new PacketWriter();
        SettingsWriter.WriteQuery(command, sql, connection.HasQueryAttributes);
        return await relay.QueryAsync(connection, command.WrittenMemory) && connection.Tracker.Summary.ErrorCode == 0;
    }
}
