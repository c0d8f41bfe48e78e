using System.Text;
using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// KILL. An id of the proxy's own means a session, whatever server connection works for it; any other is one of the
/// primary's, as its process list shows them, and goes there. <see cref="SessionRegistry"/> keeps the two apart.
/// </summary>
internal sealed class KillCommand(Session session, ProxyContext context, StatementRunner runner)
{
    // MariaDB's ER_CONNECTION_KILLED; MySQL has 1317 for both.
    private static readonly MySqlError ConnectionKilled = new(1927, "70100");

    /// <summary>Runs a KILL that the client sent as text.</summary>
    public async ValueTask<bool> RunAsync(Work asSent)
    {
        Statement statement = asSent.Statement;
        if (!context.IsMariaDb && (statement.KillForm & (KillForm.Hard | KillForm.Soft)) != 0)
        {
            // Its own words for a syntax that it lacks.
            return await runner.RunAsync(asSent);
        }

        if ((statement.KillForm & (KillForm.User | KillForm.QueryId)) != 0)
        {
            return await KillByNameAsync(asSent);
        }

        if (statement.KillTarget >= 0)
        {
            return await RunAsync((ulong)statement.KillTarget, asSent);
        }

        bool goesOn = await runner.RunAsync(asSent with { Command = QuestionFor(asSent), Silent = true });
        if (!runner.Last.Succeeded)
        {
            // The server has an error for it in its own words.
            return goesOn && await runner.RunAsync(asSent);
        }

        _ = ulong.TryParse(runner.Last.Value, out ulong target);

        // MySQL looks at 32 bits of it, MariaDB at all.
        target = context.IsMariaDb ? target : (uint)target;
        return await RunAsync(target, asSent with { Command = CommandFor(target, asSent) });
    }

    /// <summary>Runs a KILL that the client prepared; its current packet is the execution.</summary>
    public ValueTask<bool> RunPreparedAsync(PreparedStatement prepared, Work execution, bool attributes)
    {
        Statement statement = prepared.Statement;
        long? target = statement.KillTarget >= 0 ? statement.KillTarget
            : prepared.Parameters == 1 ? ExecutePacket.ReadNumber(session.Input.Payload, prepared, attributes)
            : null;
        return target is { } id and >= 0 && (statement.KillForm & (KillForm.User | KillForm.QueryId)) == 0
            ? RunAsync((ulong)id, execution)
            : runner.RunAsync(execution);
    }

    /// <summary>Ends a session, or what it runs; what is no session's id goes to the server as <paramref name="forServer"/>.</summary>
    public async ValueTask<bool> RunAsync(ulong target, Work forServer)
    {
        if (context.Sessions.Find(target) is { IsAdmitted: true } victim)
        {
            return await KillAsync(victim, forServer.Statement.KillForm);
        }

        return SessionRegistry.IsOwn(target)
            ? await session.SendErrorAsync(MySqlErrors.NoSuchThread, $"Unknown thread id: {target}")
            : await runner.RunAsync(forServer);
    }

    private async ValueTask<bool> KillAsync(Session victim, KillForm form)
    {
        bool queryOnly = form.HasFlag(KillForm.Query);
        if (victim == session)
        {
            await (queryOnly || !context.IsMariaDb
                ? session.SendErrorAsync(MySqlErrors.QueryInterrupted, "Query execution was interrupted")
                : session.SendErrorAsync(ConnectionKilled, "Connection was killed"));
            return queryOnly;
        }

        if (victim.Account.Name != session.Account.Name && !await KillPermission.HasAsync(session, victim, context))
        {
            return await session.SendErrorAsync(MySqlErrors.KillDenied, $"You are not owner of thread {victim.Id}");
        }

        if (!queryOnly)
        {
            // First, as on a server: a killed connection gets no error for what it runs.
            victim.EndClient();
        }

        if (victim.Working is { } working)
        {
            await QueryKiller.RunAsync(session, victim, working, soft: form.HasFlag(KillForm.Soft));
        }

        if (!queryOnly)
        {
            victim.Abort();
        }

        return await session.SendOkAsync();
    }

    /// <summary>
    /// MariaDB's KILL USER and KILL QUERY ID, by the primary: it checks the rights and ends its connections. Sessions of the
    /// user would live on, because connections are replaced, so they end here.
    /// </summary>
    private async ValueTask<bool> KillByNameAsync(Work work)
    {
        string? user = (work.Statement.KillForm & (KillForm.User | KillForm.Query)) == KillForm.User ? UserOf(work) : null;
        bool goesOn = await runner.RunAsync(work);
        Session[] victims = runner.Last.Succeeded && user is not null
            ? [.. context.Sessions.All.Where(s => s != session && s.IsAdmitted && s.Account.Name == user)]
            : [];

        // A server that finds no connection of the user's says OK whoever asks.
        if (victims.Length > 0 && (user == session.Account.Name || await KillPermission.HasAsync(session, victims[0], context)))
        {
            Array.ForEach(victims, static v => v.Abort());
        }

        return goesOn;
    }

    /// <summary>The user, where no host narrows it: hosts, as the servers see them, are the proxy's.</summary>
    private string? UserOf(in Work work)
    {
        string name = Encoding.UTF8.GetString(ExpressionOf(work)).Trim('`', '\'', '"');
        return name.Contains('@', StringComparison.Ordinal) ? null : name;
    }

    private ReadOnlySpan<byte> ExpressionOf(in Work work) => work.SqlIn(session.Input.Payload)[work.Statement.KillExpression];

    /// <summary>The query for an expression's value, read as a number as KILL does.</summary>
    private ReadOnlyMemory<byte> QuestionFor(in Work work)
    {
        byte[]? own = work.Statement.HasAny(StatementTraits.ConnectionId) ? OwnIds.Replace(session, ExpressionOf(work)) : null;
        return Framed(work, [.. "SELECT CAST(("u8, .. own ?? ExpressionOf(work), .. ") AS UNSIGNED)"u8]);
    }

    private ReadOnlyMemory<byte> CommandFor(ulong target, in Work work)
    {
        string how = (work.Statement.KillForm.HasFlag(KillForm.Soft) ? "SOFT " : "") + (work.Statement.KillQueryOnly ? "QUERY " : "");
        return Framed(work, Encoding.ASCII.GetBytes($"KILL {how}{target}"));
    }

    private ReadOnlyMemory<byte> Framed(in Work work, ReadOnlySpan<byte> text) => OwnIds.Framed(session.Input.Payload[..work.TextAt], text);
}
