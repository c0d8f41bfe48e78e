using DbProxy.Core.Backends;
using DbProxy.Core.Relay;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// LAST_INSERT_ID() is the session's, but lives on connections that sessions share. An OK packet doesn't tell it: for a row
/// with a chosen id the packet has that id, and the function what it gave before. So what an insert left on a connection
/// of somebody else's is unproven until it is asked for, or until it may change again.
/// </summary>
internal static class InsertIds
{
    /// <summary>Whether a statement reads the id or may keep it: the connection's must be the session's beforehand.</summary>
    public static bool Uses(in Statement statement) => statement.HasAny(StatementTraits.LastInsertId) || MaySet(statement);

    /// <summary>Adds to a preamble what makes the connection's id the session's, where it matters to the statement.</summary>
    public static async ValueTask AddAsync(Preamble preamble, Statement statement, ServerConnection connection, Session session)
    {
        bool isOwn = connection.InsertIdSession == session.Id;
        if (!NeedsStep(statement, connection, session) || (isOwn && statement.HasAny(StatementRelay.AfterLast)))
        {
            // With ROW_COUNT() in the same statement nothing may come in between; then the id is most likely right.
            return;
        }

        if (!isOwn)
        {
            // What is still held then is another connection, with an id of the session's that nobody has read yet.
            session.Leases.Reclaim(TimeSpan.Zero);
        }

        await session.Leases.InsertIdKnown;
        ulong known = session.State.LastInsertId;
        ulong unproven = connection.UnprovenInsertId;
        preamble.AddQuery(PreambleStep.InsertId, isOwn
            ? $"SET last_insert_id=IF(LAST_INSERT_ID()={unproven},{unproven},{known})"
            : $"SET last_insert_id={known}");
        connection.UnprovenInsertId = 0;
    }

    public static bool NeedsStep(in Statement statement, ServerConnection connection, Session session) =>
        connection.InsertIdSession == session.Id
            ? connection.UnprovenInsertId != 0 && (Uses(statement) || statement.Kind is StatementKind.Insert or StatementKind.Replace or StatementKind.LoadData)
            : Uses(statement);

    /// <summary>Notes on the connection what a finished statement says of its id.</summary>
    public static void Note(in Statement statement, ulong reported, ServerConnection connection, Session session)
    {
        if (reported != 0 || connection.InsertIdSession != session.Id)
        {
            connection.ReportedInsertId = reported;
        }

        if (MaySet(statement))
        {
            connection.InsertIdSession = session.Id;
        }
        else if (reported != 0 && connection.InsertIdSession != session.Id)
        {
            connection.InsertIdSession = session.Id;
            connection.UnprovenInsertId = reported;
        }
    }

    /// <summary>What was read off a connection that is given away.</summary>
    public static void Take(ulong id, ServerConnection connection, SessionState state)
    {
        if (connection.UnprovenInsertId == 0 || connection.UnprovenInsertId == id)
        {
            state.LastInsertId = id;
        }

        connection.InsertIdSession = 0;
        connection.UnprovenInsertId = connection.ReportedInsertId = 0;
    }

    /// <summary>What sets the id without telling, or perhaps not at all.</summary>
    private static bool MaySet(in Statement statement) =>
        statement.HasAny(StatementTraits.SetsLastInsertId)
        || statement.Kind is StatementKind.Call or StatementKind.Execute or StatementKind.Compound or StatementKind.SetStatement or StatementKind.Unknown
        || (statement.Kind == StatementKind.Batch && statement.Access == StatementAccess.Write);
}
