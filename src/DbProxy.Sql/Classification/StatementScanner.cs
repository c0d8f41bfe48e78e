namespace DbProxy.Sql;

/// <summary>
/// Reads one text token by token and notes what it meets. The first words choose the statement's grammar (the other parts of
/// this type); everything behind them goes through <see cref="Step"/>, the same for all statements.
/// </summary>
internal ref partial struct StatementScanner
{
    private readonly ReadOnlySpan<byte> _sql;
    private Lexer _lexer;
    private StatementTraits _traits;
    private StatementKind _kind;
    private long _argument;

    /// <summary>Any statement of the text has to do with the session trackers' variables.</summary>
    private bool _namesTrackers;
    private int _depth;

    // The token before the current one.
    private TokenKind _previousKind;
    private Keyword _previousKeyword;
    private int _previousStart;
    private int _previousEnd;

    /// <summary>The statement could be a read, so far.</summary>
    private bool _canRead;

    /// <summary>Something makes it a write whatever a hint says.</summary>
    private bool _writes;

    /// <summary>Its answer belongs to one server: the primary's unless a hint says otherwise.</summary>
    private bool _isLocal;
    private bool _isReadTransaction;
    private KillForm _killForm;

    /// <summary>Any statement of the text is a KILL.</summary>
    private bool _holdsKill;

    /// <summary>Semicolons belong to the statement (a stored program's body).</summary>
    private bool _swallowsSemicolons;

    /// <summary>Accounts are named here: an @ that touches a name is no variable.</summary>
    private bool _namesAccounts;

    public StatementScanner(ReadOnlySpan<byte> sql, LexerModes modes, uint executed)
    {
        _sql = sql;
        _lexer = new Lexer(sql, modes, executed);
    }

    public readonly int UncertainComments => _lexer.UncertainComments;

    private readonly TokenKind Token => _lexer.Kind;

    private readonly Keyword Word => _lexer.Keyword;

    private readonly bool AtEnd =>
        Token <= TokenKind.Invalid || (Token == TokenKind.Semicolon && !_swallowsSemicolons);

    /// <summary>Reads all statements of the text.</summary>
    public Statement ScanText()
    {
        var count = 0;
        var allRead = true;
        var kind = StatementKind.Empty;
        var access = StatementAccess.Write;
        Advance();
        while (true)
        {
            while (Token == TokenKind.Semicolon)
                Advance();
            if (Token == TokenKind.End)
                break;
            BeginStatement();
            ScanStatement();
            access = Access();
            kind = ++count == 1 ? _kind : StatementKind.Batch;
            allRead &= access == StatementAccess.Read;
            _holdsKill |= _kind == StatementKind.Kill;
            if (Token == TokenKind.Invalid)
                break;
        }
        if (Token == TokenKind.Invalid || _lexer.IsAmbiguous)
            return Result(Token == TokenKind.Invalid ? StatementKind.Unknown : kind, StatementAccess.Write);
        if (count < 2)
            return Result(kind, access);
        _traits |= StatementTraits.MultiStatement;
        // Its values are reported as if they stayed, which pins the session; and that it must be on the primary.
        allRead &= (_traits & StatementTraits.SetsForStatement) == 0;
        return Result(kind, allRead ? StatementAccess.Read : StatementAccess.Write);
    }

    private readonly Statement Result(StatementKind kind, StatementAccess access) =>
        new(kind, access, TraitsOf(kind), _lexer.Hint)
        {
            Argument = _namesTrackers && kind is not (StatementKind.Kill or StatementKind.Use) ? Statement.TrackersNamed : _argument,
            KillForm = kind == StatementKind.Kill ? _killForm : _holdsKill ? KillForm.InBatch : KillForm.Connection,
        };

    private readonly StatementTraits TraitsOf(StatementKind kind)
    {
        // Elsewhere the name in front of a parenthesis is a table's, a procedure's, a type's.
        var traits = kind is StatementKind.Select or StatementKind.With or StatementKind.Batch ? _traits : _traits & ~StatementTraits.CallsStoredFunction;
        return _lexer.IsAmbiguous ? traits | StatementTraits.Ambiguous : traits;
    }

    private readonly StatementAccess Access()
    {
        if (_isReadTransaction)
            return StatementAccess.ReadTransaction;
        if (!_canRead || _writes || (_isLocal && _lexer.Hint != RoutingHint.Replica))
            return StatementAccess.Write;
        return StatementAccess.Read;
    }

    private void BeginStatement()
    {
        _kind = StatementKind.Unknown;
        _canRead = _writes = _isLocal = _isReadTransaction = false;
        _killForm = KillForm.Connection;
        _swallowsSemicolons = _namesAccounts = false;
        _depth = 0;
        _previousKind = TokenKind.Semicolon;
        _previousKeyword = Keyword.None;
    }

    private void Advance()
    {
        _previousKind = _lexer.Kind;
        _previousKeyword = _lexer.Keyword;
        _previousStart = _lexer.Start;
        _previousEnd = _lexer.End;
        _lexer.Next();
    }

    /// <summary>Advances when the current word is the one given.</summary>
    private bool Take(Keyword keyword)
    {
        if (Word != keyword)
            return false;
        Advance();
        return true;
    }

    /// <summary>Notes a trait that makes the statement a write.</summary>
    private void Mark(StatementTraits traits)
    {
        _traits |= traits;
        _writes = true;
    }
}
