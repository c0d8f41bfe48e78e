using System.Runtime.CompilerServices;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// The COM_STMT_… commands. The client's statement ids are the session's own; a statement is prepared where it is
/// executed, when it is not there yet.
/// </summary>
internal sealed class PreparedCommands(Session session, StatementRunner runner)
{
    // As max_prepared_stmt_count of a server by default; here it bounds one session.
    private const int Limit = 16_382;

    private Dictionary<uint, PreparedStatement>? _statements;
    private uint _lastId;

    public void Clear() => _statements = null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> PrepareAsync()
    {
        if (_statements?.Count >= Limit)
        {
            return await session.SendErrorAsync(new(1461, "42000"), $"Can't create more than {Limit} prepared statements in one session");
        }

        byte[] sql = session.Input.Payload[1..].ToArray();
        Statement statement = StatementClassifier.Classify(sql, session.State.Modes);
        uint id = NextId();
        byte[]? own = OwnIds.Replace(session, statement, sql);
        sql = own ?? sql;
        bool goesOn = await runner.RunAsync(
            new(statement with { Traits = StatementTraits.None }, ResponseShape.Prepare, StatementId: id, Sql: sql,
                Command: OwnIds.Framed(CommandKind.StmtPrepare, own)));
        if (runner.Succeeded)
        {
            (_statements ??= []).Add(id, new(id, sql, statement, runner.PreparedParameters));
        }

        return goesOn;
    }

    public ValueTask<bool> ExecuteAsync()
    {
        Span<byte> payload = session.Input.Payload;
        if (Find(payload) is not { } statement)
        {
            return UnknownAsync("mysqld_stmt_execute");
        }

        if (statement.LostLongData || !ExecutePacket.NoteTypes(payload, statement))
        {
            return session.SendErrorAsync(new(1210, "HY000"), "Incorrect arguments to mysqld_stmt_execute");
        }

        bool cursor = ExecutePacket.WantsCursor(payload);
        if (statement is { HasCursor: true, HasLongData: false } && !cursor)
        {
            CloseOnServer(statement);
        }

        var work = new Work(
            statement.Statement, cursor ? ResponseShape.CursorResults : ResponseShape.Results, Prepared: statement);
        return cursor || statement.HasCursor || statement.HasLongData ? ExecuteHeldAsync(work, statement) : runner.RunAsync(work);
    }

    /// <summary>An execution that leaves a cursor open, or uses up parameter data sent ahead.</summary>
    private async ValueTask<bool> ExecuteHeldAsync(Work work, PreparedStatement statement)
    {
        bool goesOn = await runner.RunAsync(work);
        statement.HasLongData = false;
        statement.HasCursor = runner.Succeeded && session.State.Status.HasFlag(ServerStatus.CursorExists);
        await UpdatePinsAsync();
        return goesOn;
    }

    public async ValueTask<bool> FetchAsync()
    {
        if (Find(session.Input.Payload) is not { } statement)
        {
            return await UnknownAsync("mysqld_stmt_fetch");
        }

        if (!statement.HasCursor || session.Leases.Kept is not { } kept || kept.Statements.Find(statement) is not { } entry)
        {
            return await session.SendErrorAsync(new(1421, "HY000"), $"The statement ({statement.Id}) has no open cursor.");
        }

        ExecutePacket.WriteId(session.Input.Payload, entry.ServerId);
        bool goesOn = await runner.RunAsync(new(statement.Statement with { Traits = StatementTraits.None }, ResponseShape.Rows));
        if (!runner.Succeeded || session.State.Status.HasFlag(ServerStatus.LastRowSent))
        {
            statement.HasCursor = false;
            CloseOnServer(statement);
            await UpdatePinsAsync();
        }

        return goesOn;
    }

    /// <summary>COM_STMT_RESET: forwarded where the server holds something for the statement, else answered here.</summary>
    public async ValueTask<bool> ResetAsync()
    {
        if (Find(session.Input.Payload) is not { } statement)
        {
            return await UnknownAsync("mysqld_stmt_reset");
        }

        bool holds = statement.HasCursor || statement.HasLongData;
        statement.LostLongData = false;
        if (!holds || session.Leases.Kept?.Statements.Find(statement) is not { } entry)
        {
            return await session.SendOkAsync();
        }

        ExecutePacket.WriteId(session.Input.Payload, entry.ServerId);
        bool goesOn = await runner.RunAsync(new(statement.Statement with { Traits = StatementTraits.None }, ResponseShape.Single));
        statement.HasCursor = statement.HasLongData = false;
        CloseOnServer(statement);
        await UpdatePinsAsync();
        return goesOn;
    }

    /// <summary>COM_STMT_CLOSE has no answer. The server's statement stays for other sessions, unless it holds something.</summary>
    public async ValueTask<bool> CloseAsync()
    {
        if (Find(session.Input.Payload) is { } statement)
        {
            _statements!.Remove(statement.Id);
            if (statement.HasCursor || statement.HasLongData)
            {
                CloseOnServer(statement);
                await UpdatePinsAsync();
            }
        }

        return true;
    }

    /// <summary>COM_STMT_SEND_LONG_DATA: streamed on to the connection that will execute; an error shows at the execution.</summary>
    public async ValueTask<bool> SendLongDataAsync()
    {
        if (Find(session.Input.Payload) is { } statement && !statement.LostLongData)
        {
            statement.HasLongData = true;
            await runner.RepinAsync(PinReasons.LongData, PinReasons.LongData);
            statement.LostLongData = !await runner.SendLongDataAsync(statement);
        }

        return true;
    }

    /// <summary>
    /// A statement that had a cursor is not used again: MySQL 9.7 answers an execution without a cursor, by whichever
    /// session, with columns and an OK of header 0x00, and everybody waits for rows.
    /// </summary>
    private void CloseOnServer(PreparedStatement statement) => session.Leases.Kept?.Statements.Close(statement);

    private PreparedStatement? Find(ReadOnlySpan<byte> payload) =>
        ExecutePacket.ReadId(payload) is { } id && _statements is not null && _statements.TryGetValue(id, out PreparedStatement? found) ? found : null;

    private uint NextId()
    {
        do
        {
            _lastId++;
        }
        while (_lastId == 0 || (_statements?.ContainsKey(_lastId) ?? false));
        return _lastId;
    }

    private ValueTask<bool> UnknownAsync(string function)
    {
        uint id = ExecutePacket.ReadId(session.Input.Payload) ?? 0;
        return session.SendErrorAsync(MySqlErrors.UnknownStatement, $"Unknown prepared statement handler ({id}) given to {function}");
    }

    /// <summary>Cursor and parameter data pin as long as any statement has them.</summary>
    private ValueTask UpdatePinsAsync()
    {
        PinReasons pins = PinReasons.None;
        foreach (PreparedStatement statement in _statements?.Values ?? Enumerable.Empty<PreparedStatement>())
        {
            pins |= statement.HasCursor ? PinReasons.Cursor : PinReasons.None;
            pins |= statement.HasLongData ? PinReasons.LongData : PinReasons.None;
            if (session.Leases.Kept?.Statements.Find(statement) is { } entry)
            {
                entry.Holds = statement.HasCursor || statement.HasLongData;
            }
        }

        return runner.RepinAsync(PinReasons.Cursor | PinReasons.LongData, pins);
    }
}
