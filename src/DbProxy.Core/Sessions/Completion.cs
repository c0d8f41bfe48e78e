using System.Diagnostics;
using DbProxy.Core.Accounting;
using DbProxy.Core.Backends;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>What an answered statement leaves: the session's state and pins, counters, and where its connection goes.</summary>
internal sealed class Completion(Session session, ProxyContext context)
{
    /// <summary>Whether the last statement ended without an error.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>The first value of the last statement whose answer was not for the client, in text form; null: NULL or none.</summary>
    public byte[]? Value { get; private set; }

    /// <summary>Parameters of the statement prepared last.</summary>
    public ushort PreparedParameters { get; private set; }

    /// <summary>A statement starts; nothing is known of its end.</summary>
    public void Begin() => Succeeded = false;

    /// <summary>Takes over what the answer says.</summary>
    /// <returns>What pins the session from now on.</returns>
    public PinReasons Apply(in Work work, in Route route, ServerConnection connection, long started)
    {
        ResponseSummary summary = connection.Tracker.Summary;
        PinReasons unsure = summary.SessionState.IsEmpty
            ? PinReasons.None
            : ConnectionCollation.Note(
                session.State, work.Statement, work.Statement.Kind == StatementKind.Set ? work.SqlIn(session.Input.Payload) : [], summary);
        PinReasons pinned = StateChanges.Apply(session.State, work.Statement, connection, context.Topology) | (unsure & ~session.State.Pins);
        session.State.Pins |= unsure;
        if (summary.ErrorCode == 0 || work.Statement.HasAny(StatementTraits.MultiStatement))
        {
            NoteNames(work);
            pinned &= session.State.Pins;
        }

        if (pinned != PinReasons.None)
        {
            context.Counters.Pinned(pinned);
            Log.Pinned(context.Logger, session.Id, connection.Backend.State.Name, pinned);
        }

        Log.Routed(context.Logger, session.Id, work.Statement.Kind, connection.Backend.State.Name, route.Reason, summary.ErrorCode);
        Succeeded = summary.ErrorCode == 0;
        if (!Succeeded)
        {
            connection.Counters.Errors++;
            context.Counters.Error(summary.ErrorCode, fromProxy: false);
        }

        if (!work.Silent)
        {
            session.HasFailed = !Succeeded;
            session.LastSent = connection.Tracker.LastSequence;
        }
        else
        {
            Value = summary.FirstRow is [< 251 and var length, .. var rest] && rest.Length >= length ? rest[..length].ToArray() : null;
        }

        if (Succeeded && work.Schema is not null)
        {
            // The tracker says so too, where the server has one.
            session.State.SetSchema(work.Schema);
            connection.Settings = session.State.Settings;
        }

        if (work.Sql is null)
        {
            // What was streamed is gone, and was no plain BEGIN.
            session.State.NoteTransaction(work.Statement, session.Input.IsRestTaken ? [] : work.SqlIn(session.Input.Payload), Succeeded && !session.Input.IsRestTaken);
        }
        else if (Succeeded)
        {
            PreparedParameters = summary.Parameters;
            connection.Statements.Add(work.Sql, session.State.Settings, summary.StatementId, context.Config.Current.Pool.PreparedStatements);
        }

        session.State.ReturnToSchema();
        InsertIds.Note(work.Statement, summary.LastInsertId, connection, session);
        session.Leases.Counts.Note(work.Statement, summary, connection);

        connection.Counters.Count(connection.Backend.State.Model.Role == ServerRole.Replica, work.Class, route.Reason);
        connection.Counters.Latency.Record(Stopwatch.GetTimestamp() - started);
        session.Working = null;

        // Before the pool looks for a KILL on its way; see KillCommand.
        Interlocked.MemoryBarrier();
        return pinned;
    }

    /// <summary>The connection stays where state of the session is in it, is held where the next statement may ask back, or returns to its pool.</summary>
    public void GiveBack(in Statement statement, ServerConnection connection, bool stays)
    {
        ResponseSummary summary = connection.Tracker.Summary;
        if (session.State.KeepsLease)
        {
            session.Leases.Keep(connection);
            return;
        }

        // A pin that ended leaves a connection that other sessions may have: what pinned it is gone.
        session.Leases.Release();
        bool leavesTraces = summary.AffectedRows != 0 || summary.Warnings != 0 || summary.ErrorCode != 0
            || connection.InsertIdSession == session.Id || statement.HasAny(StatementTraits.CalcFoundRows | StatementRelay.AsksBack)
            || statement is { Kind: StatementKind.Select, Access: StatementAccess.Write }; // NEXTVAL, for LASTVAL behind it
        if (leavesTraces || stays)
        {
            bool asksOnly = stays || statement is { Kind: StatementKind.Show } && statement.HasAny(StatementTraits.Diagnostics);
            session.Leases.Hold(connection, summary.Warnings != 0 ? true : asksOnly ? null : false);
        }
        else
        {
            session.Leases.GaveBack(connection);
            connection.Pool.Return(connection);
        }
    }

    /// <summary>Only what names something has its text looked at: behind a large statement, or a local file, it is gone.</summary>
    private void NoteNames(in Work work)
    {
        bool named = !session.Input.IsRestTaken && work.Statement.Kind != StatementKind.LoadData
            && (work.Statement.Kind == StatementKind.Ddl || work.Statement.HasAny(SessionState.NamingTraits));
        session.State.NoteNames(work.Statement, named ? work.SqlIn(session.Input.Payload) : []);
    }
}
