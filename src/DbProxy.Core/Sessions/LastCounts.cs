using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>ROW_COUNT() and FOUND_ROWS() of a session, which a server answers right only where the last statement ran.</summary>
internal sealed class LastCounts
{
    private ServerConnection? _foundOn;
    private bool _countIsGone;

    /// <summary>ROW_COUNT(): -1 behind rows and errors.</summary>
    public long RowCount { get; private set; }

    /// <summary>FOUND_ROWS(); null: only its connection knows.</summary>
    public ulong? FoundRows { get; private set; } = 0;

    /// <summary>The session's connection is gone, or another session's; FOUND_ROWS() outlives a reset.</summary>
    public void Reset()
    {
        RowCount = 0;
        _foundOn = null;
    }

    /// <summary>Behind a statement.</summary>
    public void Note(in Statement statement, ResponseSummary summary, ServerConnection connection)
    {
        // COM_PING, which follows, has one of its own.
        _countIsGone = StatementRelay.TellsLate(statement, connection);
        RowCount = summary.HasRows || summary.ErrorCode != 0 ? -1 : (long)summary.AffectedRows;
        if (summary.ErrorCode == 0 && statement.Kind == StatementKind.Use && FoundRows == 0 && connection.Backend.State.Model.Flavor == ServerFlavor.MariaDb)
        {
            // So it is there, as long as the session has read nothing.
            FoundRows = 1;
        }
        else if (summary.ErrorCode == 0 && !Keeps(statement))
        {
            // The number of a LIMIT's offset is counted, too; nobody asks for that but on the statement's own connection.
            FoundRows = summary.HasRows && !statement.HasAny(StatementTraits.CalcFoundRows | StatementTraits.MultiStatement) ? summary.Rows : null;
            _foundOn = connection;
        }
    }

    /// <summary>Whether FOUND_ROWS() stays what it was, wherever that is.</summary>
    private static bool Keeps(in Statement statement) => statement.Kind is StatementKind.Insert or StatementKind.Delete or StatementKind.Replace
        or StatementKind.Set or StatementKind.Begin or StatementKind.StartTransaction or StatementKind.Commit or StatementKind.Rollback or StatementKind.Use
        or StatementKind.Savepoint or StatementKind.ReleaseSavepoint or StatementKind.RollbackToSavepoint or StatementKind.Ddl or StatementKind.Truncate
        or StatementKind.LockTables or StatementKind.UnlockTables or StatementKind.Flush or StatementKind.Admin or StatementKind.Prepare or StatementKind.Deallocate;

    /// <summary>The statement for a connection that cannot answer it itself; null: it can, or nobody knows better.</summary>
    /// <param name="statement">What asks.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="modes">How servers read it.</param>
    /// <param name="connection">Where it is to run.</param>
    /// <param name="last">Where the last statement ran, if the connection was nobody else's since.</param>
    public byte[]? Answer(in Statement statement, ReadOnlySpan<byte> sql, LexerModes modes, ServerConnection connection, ServerConnection? last)
    {
        if (statement.Kind != StatementKind.Select)
        {
            return null;
        }

        bool isLast = connection == last;
        long? rowCount = statement.HasAny(StatementTraits.RowCount) && (!isLast || _countIsGone) ? RowCount : null;
        ulong? foundRows = statement.HasAny(StatementTraits.FoundRows) && !(isLast && connection == _foundOn) ? FoundRows : null;
        return StatementCounts.Replace(sql, modes, rowCount, foundRows);
    }
}
