namespace DbProxy.Sql;

/// <summary>The first words choose the statement.</summary>
internal ref partial struct StatementScanner
{
    private void ScanStatement()
    {
        while (Token == TokenKind.LeftParen)
            Step();
        if (Token == TokenKind.Word)
            ScanHead();
        ScanRest();
    }

    private void ScanHead()
    {
        if (ScanRead() || ScanTransaction())
            return;
        switch (Word)
        {
            case Keyword.Insert: Become(StatementKind.Insert); break;
            case Keyword.Replace: Become(StatementKind.Replace); break;
            case Keyword.Update: Become(StatementKind.Update); break;
            case Keyword.Delete: Become(StatementKind.Delete); break;
            case Keyword.Set: ScanSet(); break;
            case Keyword.Show: ScanShow(); break;
            case Keyword.Describe or Keyword.Desc or Keyword.Explain: ScanExplain(); break;
            case Keyword.Use: ScanUse(); break;
            case Keyword.Kill: ScanKill(); break;
            case Keyword.Call: Become(StatementKind.Call); break;
            case Keyword.Do: Become(StatementKind.Do); break;
            case Keyword.Lock: ScanLock(); break;
            case Keyword.Unlock: ScanUnlock(); break;
            case Keyword.Flush: ScanFlush(); break;
            case Keyword.Prepare: Become(StatementKind.Prepare, StatementTraits.SqlPrepared); break;
            case Keyword.Execute: Become(StatementKind.Execute, StatementTraits.SqlPrepared); break;
            case Keyword.Deallocate: Become(StatementKind.Deallocate, StatementTraits.SqlPrepared); break;
            case Keyword.Handler: Become(StatementKind.Handler, StatementTraits.Handler); break;
            case Keyword.Truncate: Become(StatementKind.Truncate, StatementTraits.ImplicitCommit); break;
            case Keyword.Load: ScanLoad(); break;
            case Keyword.Create or Keyword.Alter or Keyword.Drop or Keyword.Rename: ScanDdl(); break;
            case Keyword.Analyze: ScanAnalyze(); break;
            case Keyword.Get: ScanGetDiagnostics(); break;
            default: ScanAdminOrCompound(); break;
        }
    }

    /// <summary>SELECT, WITH, VALUES and TABLE; parentheses before them are passed already.</summary>
    private bool ScanRead()
    {
        var kind = Word switch
        {
            Keyword.Select => StatementKind.Select,
            Keyword.With => StatementKind.With,
            Keyword.Values => StatementKind.Values,
            Keyword.Table => StatementKind.Table,
            _ => StatementKind.Unknown,
        };
        if (kind == StatementKind.Unknown)
            return false;
        _canRead = true;
        Become(kind);
        return true;
    }

    private void Become(StatementKind kind, StatementTraits traits = StatementTraits.None)
    {
        _kind = kind;
        _traits |= traits;
        Advance();
    }

    /// <summary>EXPLAIN [ANALYZE] of a statement or a table. Without ANALYZE nothing is executed, so a write can be explained anywhere.</summary>
    private void ScanExplain()
    {
        Become(StatementKind.Describe);
        var executes = Take(Keyword.Analyze);
        while (Word is Keyword.Extended or Keyword.Partitions or Keyword.Format or Keyword.Into or Keyword.For)
        {
            if (Word == Keyword.For)
            {
                if (ScanExplainFor())
                    return;
                continue;
            }
            if (Word is Keyword.Into)
                _writes = true;
            var isFormat = Word == Keyword.Format;
            Step();
            if (isFormat && Token == TokenKind.Punctuation)
            {
                Advance();
                Advance();
            }
            executes |= Take(Keyword.Analyze);
        }
        ScanExplained(executes);
    }

    /// <summary>FOR SCHEMA name, or FOR CONNECTION number, which ends the statement and looks at one server.</summary>
    private bool ScanExplainFor()
    {
        Advance();
        if (Word is Keyword.Schema or Keyword.Database)
        {
            Advance();
            Advance();
            return false;
        }
        _kind = StatementKind.Explain;
        _canRead = _isLocal = true;
        return true;
    }

    private void ScanExplained(bool executes)
    {
        while (Token == TokenKind.LeftParen)
            Step();
        var isWrite = Word is Keyword.Insert or Keyword.Replace or Keyword.Update or Keyword.Delete;
        if (isWrite && !executes)
        {
            _kind = StatementKind.Explain;
            ScanRest();
            _canRead = true; // Behind the scan: INTO and UPDATE have their place in these.
            return;
        }
        if (isWrite || ScanRead())
        {
            _kind = StatementKind.Explain;
            return;
        }
        _canRead = Token is TokenKind.Word or TokenKind.QuotedIdentifier && !executes;
    }

    private void ScanAnalyze()
    {
        Advance();
        if (Word == Keyword.Format)
        {
            Advance();
            Advance();
            Advance();
        }
        // ANALYZE TABLE is the maintenance statement; MariaDB's ANALYZE of another one runs it.
        if (Word != Keyword.Table && (ScanRead() || Word is Keyword.Insert or Keyword.Replace or Keyword.Update or Keyword.Delete))
            _kind = StatementKind.Explain;
        else
            BecomeAdmin(commits: true);
    }
}
