using System.Text;

namespace DbProxy.Sql;

/// <summary>What single tokens mean, wherever they stand.</summary>
internal ref partial struct StatementScanner
{
    private void ScanRest()
    {
        while (!AtEnd)
            Step();
    }

    /// <summary>Notes what the current token means and passes it.</summary>
    private void Step()
    {
        switch (Token)
        {
            case TokenKind.Word:
                if (Word > Keyword.Qualified)
                    ObserveKeyword();
                else if (Word == Keyword.Qualified && _lexer.Text.Length is 11 or 18)
                    ObserveServersOwn();
                break;
            case TokenKind.LeftParen:
                _depth++;
                if (_previousKind is TokenKind.Word or TokenKind.QuotedIdentifier && ObserveCall())
                    return;
                break;
            case TokenKind.RightParen:
                _depth--;
                break;
            case TokenKind.UserVariable:
                ObserveUserVariable();
                break;
            case TokenKind.SystemVariable:
                ObserveSystemVariable();
                return;
            case TokenKind.Assign:
                Mark(StatementTraits.AssignsUserVariables);
                break;
        }
        Advance();
        if (_previousKeyword == Keyword.Into)
            ObserveIntoVariables();
    }

    private void ObserveKeyword()
    {
        switch (Word)
        {
            case Keyword.Update when _previousKeyword == Keyword.For:
            case Keyword.Share when _previousKeyword == Keyword.For:
                Mark(StatementTraits.LocksRows);
                break;
            case Keyword.Lock when _canRead:
                Mark(StatementTraits.LocksRows);
                break;
            case Keyword.Update or Keyword.Delete or Keyword.Into or Keyword.Call when _canRead:
                _writes = true;
                break;
            case Keyword.Insert or Keyword.Replace when _previousKind == TokenKind.RightParen:
                _writes = true; // Behind the list of a WITH; no server has that today.
                break;
            case Keyword.Procedure when _kind != StatementKind.Show:
                _writes = true; // PROCEDURE ANALYSE
                break;
            case Keyword.For when _previousKeyword == Keyword.Value:
                _writes = true; // NEXT VALUE FOR and PREVIOUS VALUE FOR a sequence
                break;
            case Keyword.Outfile or Keyword.Dumpfile when _previousKeyword == Keyword.Into:
                Mark(StatementTraits.IntoFile);
                break;
            case Keyword.Processlist:
                _isLocal = true;
                break;
            case Keyword.Returning when _kind is StatementKind.Insert or StatementKind.Replace:
                // MariaDB answers with rows, behind which no insert id is told.
                Mark(StatementTraits.SetsLastInsertId);
                break;
            case Keyword.SqlCalcFoundRows:
                Mark(StatementTraits.CalcFoundRows);
                break;
            case Keyword.Nextval or Keyword.Currval when _previousKind == TokenKind.Dot:
                _writes = true;
                break;
        }
    }

    /// <summary>What a server tells of itself: asked of the one that a client thinks it is connected to.</summary>
    private void ObserveServersOwn() => _isLocal |=
        Ascii.EqualsIgnoreCase(_lexer.Text, "performance_schema"u8) || Ascii.EqualsIgnoreCase(_lexer.Text, "processlist"u8);

    private void ObserveUserVariable()
    {
        // 'user'@'host' and user@host touch; an expression's variable behind a name doesn't occur in these statements.
        if (_namesAccounts && _previousEnd == _lexer.Start
            && _previousKind is TokenKind.Word or TokenKind.String or TokenKind.QuotedIdentifier)
            return;
        Mark(_kind is StatementKind.Call or StatementKind.LoadData
            ? StatementTraits.ReadsUserVariables | StatementTraits.AssignsUserVariables
            : StatementTraits.ReadsUserVariables);
    }

    private void ObserveIntoVariables()
    {
        while (Token == TokenKind.UserVariable)
        {
            Mark(StatementTraits.AssignsUserVariables);
            Advance();
            if (Token == TokenKind.Comma)
                Advance();
        }
    }

    private void ObserveSystemVariable()
    {
        switch (VariableTraits.Classify(TakeVariableName(out var scope)))
        {
            case VariableClass.LastInsertId:
                Mark(StatementTraits.LastInsertId);
                break;
            case VariableClass.Diagnostics:
                Mark(StatementTraits.Diagnostics);
                break;
            case VariableClass.ConnectionId:
                Mark(StatementTraits.ConnectionId);
                break;
            case VariableClass.Untracked:
                _writes = true;
                break;
            case VariableClass.Gtid:
                _traits |= StatementTraits.ServerSpecific;
                _isLocal = true;
                break;
            case VariableClass.ServerSpecific:
                // With its scope spelt out it is asked by replicas and tools that mean the server they write to.
                _isLocal |= scope == Keyword.Global;
                _traits |= StatementTraits.ServerSpecific;
                break;
            case VariableClass.Trackers:
                _namesTrackers = true;
                break;
        }
    }

    /// <summary>Passes @@name, @@scope.name or name.name and returns the last name without quotes.</summary>
    private ReadOnlySpan<byte> TakeVariableName(out Keyword scope)
    {
        if (Token == TokenKind.SystemVariable)
            Advance();
        scope = Keyword.None;
        var name = TakeName();
        while (Token == TokenKind.Dot)
        {
            scope = name.IsEmpty ? Keyword.None : Keywords.Find(name, 0, name.Length);
            Advance();
            name = TakeName();
        }
        return name;
    }

    private ReadOnlySpan<byte> TakeName()
    {
        var name = NameOfToken();
        if (name.IsEmpty)
            _writes = true; // No name where one must be: the servers will refuse it.
        else
            Advance();
        return name;
    }

    private readonly ReadOnlySpan<byte> NameOfToken() => Token switch
    {
        TokenKind.Word => _lexer.Text,
        TokenKind.QuotedIdentifier when _lexer.Text.Length > 2 => _lexer.Text[1..^1],
        _ => default,
    };
}
