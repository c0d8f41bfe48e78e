using System.Text;

namespace DbProxy.Sql;

/// <summary>Calls of built-in functions. Servers find these by a quoted name too.</summary>
internal ref partial struct StatementScanner
{
    /// <summary>
    /// At the parenthesis behind a name. Returns true when it passed the parenthesis itself.
    /// </summary>
    private bool ObserveCall()
    {
        var function = _previousKeyword;
        if (function == Keyword.Qualified)
        {
            _traits |= StatementTraits.CallsStoredFunction;
            return false;
        }
        if (function == Keyword.None)
        {
            function = FunctionOfName();
            if (function == Keyword.None)
                return false;
        }
        switch (function)
        {
            case Keyword.LastInsertId:
                Advance();
                Mark(Token == TokenKind.RightParen ? StatementTraits.LastInsertId : StatementTraits.SetsLastInsertId);
                return true;
            case Keyword.GetLock or Keyword.ReleaseLock or Keyword.ReleaseAllLocks or Keyword.IsFreeLock or Keyword.IsUsedLock:
                Mark(StatementTraits.NamedLock);
                break;
            case Keyword.FoundRows:
                Mark(StatementTraits.FoundRows);
                break;
            case Keyword.RowCount:
                Mark(StatementTraits.RowCount);
                break;
            case Keyword.ConnectionId or Keyword.PsCurrentThreadId:
                Mark(StatementTraits.ConnectionId);
                break;
            case Keyword.Nextval or Keyword.Lastval or Keyword.Setval:
                _writes = true;
                break;
            case Keyword.LoadFile or Keyword.MasterPosWait or Keyword.SourcePosWait or Keyword.MasterGtidWait
                or Keyword.WaitForExecutedGtidSet or Keyword.WaitUntilSqlThreadAfterGtids:
                _isLocal = true;
                break;
        }
        return false;
    }

    /// <summary>The function behind a quoted name, and what loadable functions may do.</summary>
    private Keyword FunctionOfName()
    {
        var name = _sql[_previousStart.._previousEnd];
        var function = Keyword.None;
        if (_previousKind == TokenKind.QuotedIdentifier)
        {
            name = name[1..^1];
            function = name.IsEmpty ? Keyword.None : Keywords.Find(name, 0, name.Length);
        }
        if (function == Keyword.None && FunctionPrefixes.MayHaveEffects(name))
        {
            _writes = true;
            // The locking service's locks last as long as the connection.
            if (name.Length > 8 && Ascii.EqualsIgnoreCase(name[..8], "service_"u8))
                _traits |= StatementTraits.NamedLock;
        }
        else if (function == Keyword.None && ReservedWords.Find(name) == 0 && !NativeFunctions.Contains(name))
            _traits |= StatementTraits.CallsStoredFunction;
        return function;
    }
}
