namespace DbProxy.Sql;

/// <summary>SET in all its forms.</summary>
internal ref partial struct StatementScanner
{
    private void ScanSet()
    {
        Become(StatementKind.Set);
        switch (Word)
        {
            case Keyword.Statement:
                ScanSetStatement();
                return;
            case Keyword.Transaction:
                _traits |= StatementTraits.NextTransaction;
                return;
            case Keyword.Password:
                _traits |= StatementTraits.SetsUntracked | StatementTraits.ImplicitCommit;
                _namesAccounts = true;
                return;
            case Keyword.Role or Keyword.Default or Keyword.Resource:
                _traits |= StatementTraits.SetsUntracked;
                _namesAccounts = true;
                return;
        }
        while (!AtEnd)
            ScanAssignment();
    }

    /// <summary>One [scope] target = expression of the list.</summary>
    private void ScanAssignment()
    {
        if (Word is Keyword.Global or Keyword.Persist or Keyword.PersistOnly)
            NoteScope(Word, VariableClass.Plain);
        var hasScope = Word is Keyword.Global or Keyword.Persist or Keyword.PersistOnly or Keyword.Session or Keyword.Local;
        if (hasScope)
            Advance();
        if (Word != Keyword.Transaction)
            ScanTarget(hasScope);
        // Here = and := both only assign.
        if (Token == TokenKind.Assign)
            Advance();
        var depth = _depth;
        while (!AtEnd && !(Token == TokenKind.Comma && _depth <= depth))
            Step();
        if (Token == TokenKind.Comma)
            Advance();
    }

    private void ScanTarget(bool hasScope)
    {
        switch (Token)
        {
            case TokenKind.UserVariable:
                _traits |= StatementTraits.AssignsUserVariables;
                Advance();
                break;
            case TokenKind.SystemVariable or TokenKind.Word or TokenKind.QuotedIdentifier:
                var isOneShot = Token == TokenKind.SystemVariable && !hasScope;
                var variable = VariableTraits.Classify(TakeVariableName(out var scope));
                NoteScope(scope, variable, isOneShot && scope == Keyword.None);
                break;
        }
    }

    private void NoteScope(Keyword scope, VariableClass variable, bool isOneShot = false)
    {
        if (scope is Keyword.Global or Keyword.Persist or Keyword.PersistOnly)
        {
            _traits |= StatementTraits.SetsGlobal;
            return;
        }
        _traits |= variable switch
        {
            VariableClass.LastInsertId => StatementTraits.SetsLastInsertId,
            VariableClass.ConnectionId or VariableClass.Untracked or VariableClass.Gtid => StatementTraits.SetsUntracked,
            VariableClass.NextTransaction when isOneShot => StatementTraits.NextTransaction,
            VariableClass.Autocommit => StatementTraits.SetsAutocommit,
            _ => StatementTraits.None,
        };
    }

    /// <summary>MariaDB: SET STATEMENT variable = value, … FOR statement: what the inner statement is.</summary>
    private void ScanSetStatement()
    {
        Advance();
        var depth = _depth;
        while (!AtEnd && !(Word == Keyword.For && _depth == depth))
            Step();
        Advance();
        ScanStatement();
        _kind = StatementKind.SetStatement;
        _isReadTransaction = false;
    }
}
