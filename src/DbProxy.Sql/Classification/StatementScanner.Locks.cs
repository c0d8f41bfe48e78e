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

    /// <summary>KILL [HARD | SOFT] [CONNECTION | QUERY [ID]] number. A target that is no literal gives -1.</summary>
    private void ScanKill()
    {
        Become(StatementKind.Kill);
        _argument = -1;
        if (Word is Keyword.Hard or Keyword.Soft)
            Advance();
        _killQueryOnly = Word == Keyword.Query;
        if (Word is Keyword.Query or Keyword.Connection)
            Advance();
        // KILL QUERY ID names a statement, not a connection: left to the server.
        var isNumber = Token == TokenKind.Number && long.TryParse(_lexer.Text, out _argument);
        if (isNumber)
            Advance();
        if (!isNumber || !AtEnd)
            _argument = -1;
    }
}
