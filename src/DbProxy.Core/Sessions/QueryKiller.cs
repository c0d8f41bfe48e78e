using DbProxy.Core.Backends;
using DbProxy.Core.Relay;
using DbProxy.Protocol;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Ends what runs on a server connection, on a connection of its own: the one is busy, and that of the session which asks
/// may be in a transaction.
/// </summary>
internal static class QueryKiller
{
    /// <param name="session">The session that asks; a server checks its user's rights.</param>
    /// <param name="victim">Whose statement is to end.</param>
    /// <param name="working">The connection on which it runs.</param>
    /// <param name="soft">MariaDB: not where that would leave a table damaged.</param>
    public static async Task RunAsync(Session session, Session victim, ServerConnection working, bool soft = false)
    {
        ConnectionPool pool = session.Pools![working.Backend.State];

        // Beside the pool: an exhausted one is what makes people kill. Without the schema: it may have been dropped.
        LeaseResult lease = await LoginAsync(session, pool);
        if (lease.Connection is not { } connection)
        {
            return;
        }

        // The statement may end at any moment, and the connection go to somebody else. Marked, it does not: either the
        // session that ends the statement sees the mark, or this sees that the statement has ended.
        working.KillPending = true;
        Interlocked.MemoryBarrier();
        bool usable = connection.Sandbox is null && (victim.Working != working || await OwnQuery.RunAsync(session, connection, $"KILL {(soft ? "SOFT " : "")}QUERY {working.ThreadId}"));
        working.KillPending = false;
        GiveBack(connection, usable);
    }

    /// <summary>A connection beside the pool, for a statement of the proxy's own in the name of the session's user.</summary>
    public static ValueTask<LeaseResult> LoginAsync(Session session, ConnectionPool pool) => pool.LoginAsync(
        session.Account.Credential, SessionSettings.Create("", session.State.Settings.CollationId), session.ServerAttributes);

    public static void GiveBack(ServerConnection connection, bool usable)
    {
        if (usable)
        {
            connection.Pool.Adopt(connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
