using System.Runtime.CompilerServices;
using DbProxy.Core.Backends;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// The COM_STMT_… commands. The client's statement ids are the session's own; a statement is prepared where it is
/// executed, when it is not there yet.
/// </summary>
internal sealed class PreparedCommands(Session session, StatementRunner runner, KillCommand kill)
{
    // As max_prepared_stmt_count of a server by default; here it bounds one session.
    private const int Limit = 16_382;

    /// <summary>MariaDB's clients name the statement prepared last so, to send its execution without waiting for its id.</summary>
    private const uint LastPrepared = uint.MaxValue;

    private Dictionary<uint, PreparedStatement>? _statements;
    private PreparedStatement? _last;
    private uint _lastId;

    public void Clear()
    {
        _statements = null;
        _last = null;
    }

    private bool HasAttributes => session.Capabilities.HasFlag(Capabilities.QueryAttributes);

    private bool HasBulk => session.Capabilities.HasFlag(Capabilities.MariaDbStmtBulkOperations);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> PrepareAsync()
    {
        _last = null;
        if (_statements?.Count >= Limit)
        {
            return await session.SendErrorAsync(new(1461, "42000"), $"Can't create more than {Limit} prepared statements in one session");
        }

        if (session.Input.HasRest && await session.ReadWholeAsync() is { } goesOnWithout)
        {
            return goesOnWithout;
        }

        byte[] sql = session.Input.CopyPayload()[1..];
        Statement statement = StatementClassifier.Classify(sql, session.State.Modes);
        uint id = NextId();
        ReadOnlyMemory<byte> own = OwnIds.Replace(session, statement, textAt: 1);
        sql = own.IsEmpty ? sql : own[(PacketHeader.Size + 1)..].ToArray();
        bool goesOn = await runner.RunAsync(
            new(statement with { Traits = StatementTraits.None }, ResponseShape.Prepare, StatementId: id, Sql: sql,
                Command: own));
        if (runner.Last.Succeeded)
        {
            _last = new(id, sql, statement, runner.Last.PreparedParameters, session.State.Settings);
            (_statements ??= []).Add(id, _last);
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

        if (statement.LostLongData || !ExecutePacket.NoteTypes(payload, statement, HasAttributes))
        {
            return WrongArgumentsAsync("mysqld_stmt_execute");
        }

        bool cursor = ExecutePacket.WantsCursor(payload);
        if (statement is { HasCursor: true, HasLongData: false } && !cursor)
        {
            CloseHeld(statement);
        }

        var work = new Work(
            statement.Statement, cursor ? ResponseShape.CursorResults : ResponseShape.Results, Prepared: statement);
        if (statement.Statement.Kind == StatementKind.Kill && !statement.HasLongData && !session.Input.HasRest)
        {
            return kill.RunPreparedAsync(statement, work, HasAttributes);
        }

        return cursor || statement.HasCursor || statement.HasLongData ? ExecuteHeldAsync(work, statement) : runner.RunAsync(work);
    }

    /// <summary>An execution that leaves a cursor open, or uses up parameter data sent ahead.</summary>
    private async ValueTask<bool> ExecuteHeldAsync(Work work, PreparedStatement statement)
    {
        bool goesOn = await runner.RunAsync(work);
        bool cursor = runner.Last.Succeeded && session.State.Status.HasFlag(ServerStatus.CursorExists);
        if (cursor)
        {
            statement.HasLongData = false;
            statement.HasCursor = true;
            NoteHeld(statement);
        }
        else
        {
            HeldHere(statement)?.Statements.Release(statement.Held!);
            statement.LetGo();
        }

        await UpdatePinsAsync();
        return goesOn;
    }

    /// <summary>MariaDB's COM_STMT_BULK_EXECUTE: one statement with many rows of parameters.</summary>
    public ValueTask<bool> BulkExecuteAsync()
    {
        Span<byte> payload = session.Input.Payload;
        if (!HasBulk)
        {
            return session.SendErrorAsync(MySqlErrors.UnknownCommand, "Unknown command");
        }

        return Find(payload) is not { } statement ? UnknownAsync("mysqld_stmt_bulk_execute")
            : !ExecutePacket.NoteBulkTypes(payload, statement) ? WrongArgumentsAsync("mysqld_stmt_bulk_execute")
            : runner.RunAsync(new(statement.Statement, ResponseShape.Results, Prepared: statement));
    }

    public async ValueTask<bool> FetchAsync()
    {
        if (Find(session.Input.Payload) is not { } statement)
        {
            return await UnknownAsync("mysqld_stmt_fetch");
        }

        if (!statement.HasCursor || HeldHere(statement) is null)
        {
            return await session.SendErrorAsync(new(1421, "HY000"), $"The statement ({statement.Id}) has no open cursor.");
        }

        ExecutePacket.WriteId(session.Input.Payload, statement.Held!.ServerId);
        bool goesOn = await runner.RunAsync(new(statement.Statement with { Traits = StatementTraits.None }, ResponseShape.Rows));
        if (!runner.Last.Succeeded || session.State.Status.HasFlag(ServerStatus.LastRowSent))
        {
            CloseHeld(statement);
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

        statement.LostLongData = false;
        if (HeldHere(statement) is null)
        {
            statement.LetGo();
            return await session.SendOkAsync();
        }

        ExecutePacket.WriteId(session.Input.Payload, statement.Held!.ServerId);
        bool goesOn = await runner.RunAsync(new(statement.Statement with { Traits = StatementTraits.None }, ResponseShape.Single));
        CloseHeld(statement);
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
                CloseHeld(statement);
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
            NoteHeld(statement);
        }

        return true;
    }

    /// <summary>
    /// A statement that had a cursor is not used again: MySQL 9.7 answers an execution without a cursor, by whichever
    /// session, with columns and an OK of header 0x00, and everybody waits for rows.
    /// </summary>
    private void CloseHeld(PreparedStatement statement)
    {
        HeldHere(statement)?.Statements.Close(statement.Held!);
        statement.LetGo();
    }

    /// <summary>The connection that holds something for the statement; null: none, or it is gone.</summary>
    private ServerConnection? HeldHere(PreparedStatement statement) =>
        statement.HeldOn is { } connection && ReferenceEquals(connection, session.Leases.Kept) ? connection : null;

    private void NoteHeld(PreparedStatement statement)
    {
        if (session.Leases.Kept is { } kept && kept.Statements.Find(statement) is { } entry)
        {
            statement.Hold(entry, kept);
        }
    }

    private PreparedStatement? Find(ReadOnlySpan<byte> payload) => ExecutePacket.ReadId(payload) switch
    {
        null => null,
        LastPrepared when HasBulk => _last,
        { } id => _statements is not null && _statements.TryGetValue(id, out PreparedStatement? found) ? found : null,
    };

    private uint NextId()
    {
        do
        {
            _lastId++;
        }
        while (_lastId == 0 || (_statements?.ContainsKey(_lastId) ?? false));
        return _lastId;
    }

    private ValueTask<bool> WrongArgumentsAsync(string function) =>
        session.SendErrorAsync(new(1210, "HY000"), $"Incorrect arguments to {function}");

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
            if (HeldHere(statement) is null)
            {
                // The connection is gone, and what it held with it.
                statement.LostLongData |= statement.HasLongData;
                statement.LetGo();
            }

            pins |= statement.HasCursor ? PinReasons.Cursor : PinReasons.None;
            pins |= statement.HasLongData ? PinReasons.LongData : PinReasons.None;
        }

        return runner.RepinAsync(PinReasons.Cursor | PinReasons.LongData, pins);
    }
}
