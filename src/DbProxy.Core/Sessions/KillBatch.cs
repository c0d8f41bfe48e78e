using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Several statements in one command, with a KILL among them. Its ids are the proxy's, so no server can run the text as it
/// is: it runs in parts, those before, the KILL, those behind. For the client it stays one command: the packets of all answers are
/// numbered through, each answer says that another follows, and an error ends it.
/// </summary>
/// <param name="session">Its current packet is the command.</param>
/// <param name="query">Runs the current packet: what it is, and where its text begins.</param>
internal sealed class KillBatch(Session session, Func<Statement, int, ValueTask<bool>> query)
{
    public async ValueTask<bool> RunAsync(int textAt)
    {
        try
        {
            while (true)
            {
                Statement statement = KeepPart(textAt);
                session.HasFailed = false;
                bool goesOn = await query(statement, textAt);
                if (!goesOn || session.HasFailed || !session.MoreFollows)
                {
                    return goesOn;
                }

                session.Input.NextPart(textAt, session.LastSent);
            }
        }
        finally
        {
            session.MoreFollows = false;
        }
    }

    /// <summary>Makes what comes next the current packet: a KILL, or all that stands in front of one.</summary>
    private Statement KeepPart(int textAt)
    {
        ReadOnlySpan<byte> text = session.Input.Payload[textAt..];
        int length = text.Length;
        session.MoreFollows = false;
        if (StatementClassifier.FindKill(text, session.State.Modes) is { } kill and not { Begin: 0, IsLast: true })
        {
            length = kill.Begin > 0 ? kill.Begin : kill.End;
            session.MoreFollows = true;
        }

        session.Input.KeepPart(textAt + length);
        return StatementClassifier.Classify(session.Input.Payload[textAt..], session.State.Modes);
    }
}
