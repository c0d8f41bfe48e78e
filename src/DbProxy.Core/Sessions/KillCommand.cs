using DbProxy.Core.Backends;
using DbProxy.Core.Relay;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Sessions;

/// <summary>
/// KILL with the ids that clients see: the proxy's own. Sent on as it is, it would end some other client's work, because
/// the server's ids are different ones.
/// </summary>
internal static class KillCommand
{
    public static async ValueTask<bool> RunAsync(Session session, ProxyContext context, long target, bool queryOnly)
    {
        Session? victim = context.Sessions.Find(target);
        if (victim is null || !victim.IsAdmitted)
        {
            return await session.SendErrorAsync(MySqlErrors.NoSuchThread, $"Unknown thread id: {target}");
        }

        if (victim.Account.Name != session.Account.Name)
        {
            return await session.SendErrorAsync(MySqlErrors.KillDenied, $"You are not owner of thread {target}");
        }

        if (victim.Working is { } working && victim != session)
        {
            await KillQueryAsync(session, victim, working);
        }

        if (victim == session)
        {
            await session.SendErrorAsync(MySqlErrors.QueryInterrupted, "Query execution was interrupted");
            return queryOnly;
        }

        if (!queryOnly)
        {
            victim.Abort();
        }

        return await session.SendOkAsync();
    }

    /// <summary>
    /// Ends what <paramref name="victim"/> runs, on a connection of its own: the victim's is busy, and that of
    /// <paramref name="session"/> may be in a transaction.
    /// </summary>
    public static async Task KillQueryAsync(Session session, Session victim, ServerConnection working)
    {
        ConnectionPool pool = session.Pools[working.Backend.State.Index];

        // Beside the pool: an exhausted one is what makes people kill. Without the schema: it may have been dropped.
        LeaseResult lease = await pool.LoginAsync(session.Account.Credential, SessionSettings.Create("", session.State.Settings.CollationId), session.Attributes);
        if (lease.Connection is not { } connection)
        {
            return;
        }

        using var command = new PacketWriter();
        SettingsWriter.WriteQuery(command, $"KILL QUERY {working.ThreadId}", connection.HasQueryAttributes);
        var relay = new CommandRelay(session.Input, () => session.Channel);

        // The statement may end at any moment, and the connection go to somebody else. Marked, it does not: either the
        // session that ends the statement sees the mark, or this sees that the statement has ended.
        working.KillPending = true;
        Interlocked.MemoryBarrier();
        bool usable = connection.Sandbox is null && (victim.Working != working || await relay.QueryAsync(connection, command.WrittenMemory));
        working.KillPending = false;
        if (usable)
        {
            pool.Adopt(connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
