namespace DbProxy.Sql;

/// <summary>SHOW: definitions are the same on every replica; what a server or a connection counts is not.</summary>
internal ref partial struct StatementScanner
{
    private void ScanShow()
    {
        Become(StatementKind.Show);
        _canRead = true;
        while (Word is Keyword.Full or Keyword.Extended or Keyword.Global or Keyword.Session or Keyword.Local or Keyword.Storage)
            Advance();
        switch (Word)
        {
            case Keyword.Warnings or Keyword.Errors or Keyword.Count:
                Mark(StatementTraits.Diagnostics);
                break;
            case Keyword.Grants or Keyword.Create:
                _namesAccounts = true;
                break;
            case Keyword.Databases or Keyword.Schemas or Keyword.Tables or Keyword.Table or Keyword.Columns or Keyword.Fields
                or Keyword.Index or Keyword.Indexes or Keyword.Keys or Keyword.Triggers or Keyword.Events
                or Keyword.Procedure or Keyword.Function or Keyword.Package or Keyword.Character or Keyword.Charset
                or Keyword.Collation or Keyword.Engines or Keyword.Plugins or Keyword.Privileges:
                break;
            case Keyword.Variables:
                _namesTrackers = true;
                ScanShowVariables();
                break;
            case Keyword.Profile or Keyword.Profiles:
                _writes = true; // Of this connection's own statements.
                break;
            default:
                _isLocal = true;
                _traits |= StatementTraits.ServerSpecific;
                break;
        }
    }

    /// <summary>By name, what makes a server this one is asked by replicas and tools that mean the server they write to.</summary>
    private void ScanShowVariables()
    {
        while (!AtEnd)
        {
            if (Token == TokenKind.String && _lexer.Text.Length > 2
                && VariableTraits.Classify(_lexer.Text[1..^1]) is VariableClass.ServerSpecific or VariableClass.Gtid)
            {
                _isLocal = true;
                _traits |= StatementTraits.ServerSpecific;
            }
            Step();
        }
    }
}
