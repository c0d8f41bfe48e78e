namespace DbProxy.Sql;

/// <summary>Definitions, administration, and MariaDB's compound statements.</summary>
internal ref partial struct StatementScanner
{
    private void ScanDdl()
    {
        var verb = Word;
        Become(StatementKind.Ddl);
        if (verb == Keyword.Drop && Word == Keyword.Prepare)
        {
            Become(StatementKind.Deallocate, StatementTraits.SqlPrepared);
            return;
        }
        var isTemporary = false;
        var isObject = false;
        // The object's kind stands behind OR REPLACE, DEFINER = account, AGGREGATE and the like.
        while (!AtEnd && !isObject)
        {
            _namesAccounts |= Word is Keyword.Definer or Keyword.User or Keyword.Role;
            isTemporary |= Word == Keyword.Temporary;
            _swallowsSemicolons |= verb == Keyword.Create ? IsProgram(Word) : verb == Keyword.Alter && Word == Keyword.Event;
            isObject = _swallowsSemicolons || IsOtherObject(Word);
            if (isObject)
                Advance();
            else
                Step();
        }
        _traits |= isTemporary ? StatementTraits.TemporaryTable : StatementTraits.ImplicitCommit;
        // A stored program's body isn't executed now: what it does is no trait of this statement.
        while (_swallowsSemicolons && !AtEnd)
            Advance();
    }

    private static bool IsProgram(Keyword word) =>
        word is Keyword.Procedure or Keyword.Function or Keyword.Trigger or Keyword.Event or Keyword.Package;

    private static bool IsOtherObject(Keyword word) =>
        word is Keyword.Table or Keyword.View or Keyword.User or Keyword.Role or Keyword.Index or Keyword.Database
            or Keyword.Schema or Keyword.Sequence or Keyword.Server or Keyword.As;

    private void ScanLoad()
    {
        Advance();
        if (Word is Keyword.Data or Keyword.Xml)
            Become(StatementKind.LoadData);
        else
            BecomeAdmin(commits: true);
    }

    private void ScanGetDiagnostics()
    {
        Become(StatementKind.GetDiagnostics, StatementTraits.Diagnostics);
        while (!AtEnd)
        {
            if (Token == TokenKind.UserVariable)
                _traits |= StatementTraits.AssignsUserVariables;
            Step();
        }
    }

    private void BecomeAdmin(bool commits)
    {
        _kind = StatementKind.Admin;
        _namesAccounts = true;
        if (commits)
            _traits |= StatementTraits.ImplicitCommit;
    }

    private void ScanAdminOrCompound()
    {
        switch (Word)
        {
            case Keyword.Optimize or Keyword.Check or Keyword.Repair or Keyword.Grant or Keyword.Revoke or Keyword.Change
                or Keyword.Install or Keyword.Uninstall or Keyword.Stop or Keyword.Cache or Keyword.Import:
                BecomeAdmin(commits: true);
                break;
            case Keyword.Reset:
                Advance();
                BecomeAdmin(commits: Word != Keyword.Persist);
                break;
            case Keyword.Shutdown or Keyword.Restart:
                Become(StatementKind.Shutdown);
                break;
            case Keyword.Checksum or Keyword.Purge or Keyword.Binlog or Keyword.Clone
                or Keyword.Signal or Keyword.Resignal or Keyword.Help:
                BecomeAdmin(commits: false);
                break;
            case Keyword.Backup:
                BecomeAdmin(commits: true);
                _traits |= StatementTraits.GlobalReadLock;
                break;
            case Keyword.If or Keyword.While or Keyword.Loop or Keyword.Repeat or Keyword.For or Keyword.Case or Keyword.Declare:
                ScanCompound();
                break;
            default:
                Advance();
                // A label before a compound statement.
                if (Token == TokenKind.Punctuation && _lexer.Text[0] == ':')
                    ScanCompound();
                break;
        }
    }

    /// <summary>Statements within statements: all that they could do is noted, without following their grammar.</summary>
    private void ScanCompound()
    {
        _kind = StatementKind.Compound;
        _swallowsSemicolons = true;
        while (!AtEnd)
        {
            _traits |= Word switch
            {
                Keyword.Temporary => StatementTraits.TemporaryTable,
                Keyword.Prepare or Keyword.Execute or Keyword.Deallocate => StatementTraits.SqlPrepared,
                Keyword.Handler => StatementTraits.Handler,
                Keyword.Tables when _previousKeyword == Keyword.Lock => StatementTraits.LocksTables,
                Keyword.Tables when _previousKeyword == Keyword.Unlock => StatementTraits.UnlocksTables,
                Keyword.Global or Keyword.Persist => StatementTraits.SetsGlobal,
                Keyword.Transaction => StatementTraits.BeginsTransaction,
                Keyword.Commit or Keyword.Rollback => StatementTraits.EndsTransaction,
                Keyword.Into => StatementTraits.AssignsUserVariables,
                Keyword.Role or Keyword.Password => StatementTraits.SetsUntracked,
                Keyword.Xa => StatementTraits.XaTransaction,
                _ => StatementTraits.None,
            };
            Step();
        }
    }
}
