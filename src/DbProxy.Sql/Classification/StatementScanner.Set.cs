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
        var scope = IsGlobal(Word) || Word is Keyword.Session or Keyword.Local ? Word : Keyword.None;
        if (scope != Keyword.None)
            Advance();
        ScanTarget(scope);
        // Here = and := both only assign.
        if (Token == TokenKind.Assign)
            Advance();
        var depth = _depth;
        while (!AtEnd && !(Token == TokenKind.Comma && _depth <= depth))
            Step();
        if (Token == TokenKind.Comma)
            Advance();
    }

    private void ScanTarget(Keyword scope)
    {
        switch (Token)
        {
            case TokenKind.UserVariable:
                _traits |= StatementTraits.AssignsUserVariables;
                Advance();
                break;
            case TokenKind.SystemVariable or TokenKind.Word or TokenKind.QuotedIdentifier:
                var isAtForm = Token == TokenKind.SystemVariable;
                var variable = VariableTraits.Classify(TakeVariableName(out var ownScope));
                NoteTarget(scope == Keyword.None ? ownScope : scope, variable, isAtForm);
                break;
        }
    }

    private void NoteTarget(Keyword scope, VariableClass variable, bool isAtForm)
    {
        if (IsGlobal(scope))
        {
            _traits |= StatementTraits.SetsGlobal;
            return;
        }
        _namesTrackers |= variable == VariableClass.Trackers;
        _traits |= isAtForm && scope == Keyword.None ? StatementTraits.SetsUnscoped : StatementTraits.None;
        _traits |= variable switch
        {
            VariableClass.LastInsertId => StatementTraits.SetsLastInsertId,
            VariableClass.ConnectionId or VariableClass.Untracked or VariableClass.Gtid => StatementTraits.SetsUntracked,
            // Manual, "SET TRANSACTION": only @@name without a scope is for the next transaction; a plain name means the session.
            VariableClass.NextTransaction when isAtForm && scope == Keyword.None => StatementTraits.NextTransaction,
            VariableClass.Autocommit => StatementTraits.SetsAutocommit,
            _ => StatementTraits.None,
        };
    }

    private static bool IsGlobal(Keyword scope) => scope is Keyword.Global or Keyword.Persist or Keyword.PersistOnly;

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
        _traits |= StatementTraits.SetsForStatement;
        _isReadTransaction = false;
    }
}
