using System.Text;

namespace DbProxy.Sql;

/// <summary>Statements about tables' and servers' locks, connections and schemas.</summary>
internal ref partial struct StatementScanner
{
    private void ScanLock()
    {
        Advance();
        if (Word is Keyword.Tables or Keyword.Table)
            Become(StatementKind.LockTables, StatementTraits.LocksTables | StatementTraits.ImplicitCommit);
        else
            Become(StatementKind.Admin, StatementTraits.GlobalReadLock);
    }

    private void ScanUnlock()
    {
        Advance();
        var isTables = Word is Keyword.Tables or Keyword.Table;
        Become(isTables ? StatementKind.UnlockTables : StatementKind.Admin, StatementTraits.UnlocksTables);
        if (isTables)
            _traits |= StatementTraits.ImplicitCommit;
    }

    private void ScanFlush()
    {
        Become(StatementKind.Flush, StatementTraits.ImplicitCommit);
        while (!AtEnd)
        {
            if ((Word == Keyword.Read && _previousKeyword == Keyword.With)
                || (Word == Keyword.Export && _previousKeyword == Keyword.For))
                _traits |= StatementTraits.GlobalReadLock;
            Step();
        }
    }

    private void ScanUse()
    {
        Become(StatementKind.Use);
        var (start, end) = (_lexer.Start, _lexer.End);
        if (Token == TokenKind.QuotedIdentifier)
            (start, end) = (start + 1, end - 1);
        else if (Token != TokenKind.Word)
            end = start;
        _argument = ((long)start << 32) | (uint)(end - start);
    }

    /// <summary>The text's first KILL, with the semicolon behind it; null: there is none, or servers may read the text differently.</summary>
    public KillInBatch? FindKill()
    {
        var isFirst = true;
        int begin;
        Advance();
        while (true)
        {
            while (Token == TokenKind.Semicolon)
                Advance();
            if (AtEnd)
                return null;
            begin = isFirst ? 0 : _lexer.Start;
            BeginStatement();
            ScanStatement();
            if (_kind == StatementKind.Kill)
                break;
            isFirst = false;
        }
        var end = Token == TokenKind.Semicolon ? _lexer.End : _sql.Length;
        while (Token == TokenKind.Semicolon)
            Advance();
        return Token == TokenKind.Invalid || _lexer.IsAmbiguous || UncertainComments > 0 ? null : new(begin, end, Token == TokenKind.End);
    }

    /// <summary>KILL [HARD | SOFT] [CONNECTION | QUERY [ID]] number. A target that is no literal gives -1.</summary>
    private void ScanKill()
    {
        Become(StatementKind.Kill);
        _killForm |= Word == Keyword.Soft ? KillForm.Soft : Word == Keyword.Hard ? KillForm.Hard : KillForm.Connection;
        if (Word is Keyword.Hard or Keyword.Soft)
            Advance();
        if (Word == Keyword.Query)
            _killForm |= KillForm.Query;
        if (Word is Keyword.Query or Keyword.Connection)
            Advance();
        ScanKillName();
        var start = _lexer.Start;
        var isNumber = Token == TokenKind.Number && long.TryParse(_lexer.Text, out _argument);
        if (isNumber)
            Advance();
        if (isNumber && AtEnd && (_killForm & KillForm.QueryId) == 0)
            return;
        ScanRest();
        _argument = ~((long)start << 32 | (uint)Math.Max(start, _previousEnd));
    }

    /// <summary>USER name or ID number: words that aren't followed by a parenthesis, as a function's name would be.</summary>
    private void ScanKillName()
    {
        var form = Word == Keyword.User ? KillForm.User
            : (_killForm & KillForm.Query) != 0 && Token == TokenKind.Word && Ascii.EqualsIgnoreCase(_lexer.Text, "id"u8) ? KillForm.QueryId
            : KillForm.Connection;
        var behind = _lexer;
        if (form == KillForm.Connection || behind.Next() is not (TokenKind.Word or TokenKind.QuotedIdentifier or TokenKind.String or TokenKind.Number))
            return;
        _killForm |= form;
        _namesAccounts = true;
        Advance();
    }
}
