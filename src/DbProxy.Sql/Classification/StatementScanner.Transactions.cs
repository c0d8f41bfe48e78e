namespace DbProxy.Sql;

/// <summary>Statements that begin, end or mark transactions.</summary>
internal ref partial struct StatementScanner
{
    private bool ScanTransaction()
    {
        switch (Word)
        {
            case Keyword.Begin: ScanBegin(); return true;
            case Keyword.Start: ScanStart(); return true;
            case Keyword.Commit: ScanEnd(StatementKind.Commit); return true;
            case Keyword.Rollback: ScanEnd(StatementKind.Rollback); return true;
            case Keyword.Savepoint: Become(StatementKind.Savepoint); return true;
            case Keyword.Release: Become(StatementKind.ReleaseSavepoint); return true;
            case Keyword.Xa: ScanXa(); return true;
            default: return false;
        }
    }

    private void ScanBegin()
    {
        Become(StatementKind.Begin);
        if (Word == Keyword.Not)
            ScanCompound();
        else
            _traits |= StatementTraits.BeginsTransaction | StatementTraits.ImplicitCommit;
    }

    private void ScanStart()
    {
        Advance();
        if (Word != Keyword.Transaction)
        {
            BecomeAdmin(commits: true);
            return;
        }
        Become(StatementKind.StartTransaction, StatementTraits.BeginsTransaction | StatementTraits.ImplicitCommit);
        while (!AtEnd)
        {
            _isReadTransaction |= Word == Keyword.Only && _previousKeyword == Keyword.Read;
            Step();
        }
    }

    /// <summary>COMMIT or ROLLBACK [WORK] [TO [SAVEPOINT] name] [AND [NO] CHAIN] [[NO] RELEASE].</summary>
    private void ScanEnd(StatementKind kind)
    {
        Become(kind);
        Take(Keyword.Work);
        if (kind == StatementKind.Rollback && Word == Keyword.To)
        {
            _kind = StatementKind.RollbackToSavepoint;
            return;
        }
        _traits |= StatementTraits.EndsTransaction;
        while (!AtEnd)
        {
            if (_previousKeyword != Keyword.No)
            {
                if (Word == Keyword.Chain)
                    _traits |= StatementTraits.BeginsTransaction;
                else if (Word == Keyword.Release)
                    _traits |= StatementTraits.ReleasesConnection;
            }
            Step();
        }
    }

    private void ScanXa()
    {
        Become(StatementKind.Xa, StatementTraits.XaTransaction);
        if (Word is Keyword.Start or Keyword.Begin)
            _traits |= StatementTraits.BeginsTransaction;
        else if (Word is Keyword.Commit or Keyword.Rollback)
            _traits |= StatementTraits.EndsTransaction;
    }
}
