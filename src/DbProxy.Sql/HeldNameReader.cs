using System.Text;

namespace DbProxy.Sql;

/// <summary>Reads which names one statement takes and gives up, in its plain forms.</summary>
internal ref struct HeldNameReader
{
    private Lexer _lexer;
    private bool _inList;

    public HeldNameReader(ReadOnlySpan<byte> sql, LexerModes modes)
    {
        _lexer = new Lexer(sql, modes);
        _lexer.Next();
    }

    public StatementTraits Kind { get; private set; }

    /// <summary>The name in small letters; null: all named locks are given up.</summary>
    public string? Name { get; private set; }

    public bool IsTaken { get; private set; }

    /// <summary>Behind the last name: whether the statement does nothing else of the kind.</summary>
    public bool IsUnderstood { get; private set; }

    /// <summary>The next name; false: there is none, or the statement isn't understood.</summary>
    public bool Next() => _inList ? NextOfList() : _lexer.Keyword switch
    {
        Keyword.Create => ReadCreate(),
        Keyword.Drop => ReadDrop(),
        Keyword.Handler => ReadHandler(),
        Keyword.Select or Keyword.Do => ReadLock(),
        _ => false,
    };

    /// <summary>CREATE [OR REPLACE] TEMPORARY TABLE [IF NOT EXISTS] name; of other objects it takes nothing.</summary>
    private bool ReadCreate()
    {
        var isTemporary = false;
        while (_lexer.Next() == TokenKind.Word && _lexer.Keyword != Keyword.Table)
            isTemporary |= _lexer.Keyword == Keyword.Temporary;
        if (!isTemporary)
        {
            End();
            return false;
        }
        if (_lexer.Keyword != Keyword.Table)
            return false;
        _lexer.Next();
        while (Is("if"u8) || Is("not"u8) || Is("exists"u8))
            _lexer.Next();
        return TakeName(StatementTraits.TemporaryTable, isTaken: true) && End();
    }

    /// <summary>DROP [TEMPORARY] TABLE [IF EXISTS] name, …; a table that isn't temporary was never noted.</summary>
    private bool ReadDrop()
    {
        _lexer.Next();
        if (_lexer.Keyword == Keyword.Temporary)
            _lexer.Next();
        if (_lexer.Keyword != Keyword.Table)
        {
            IsUnderstood = _lexer.Keyword != Keyword.Temporary;
            return false;
        }
        _lexer.Next();
        while (Is("if"u8) || Is("exists"u8))
            _lexer.Next();
        _inList = true;
        return NextOfList();
    }

    private bool NextOfList()
    {
        if (_lexer.Kind == TokenKind.Comma)
            _lexer.Next();
        if (_lexer.Kind is TokenKind.End or TokenKind.Semicolon || Is("restrict"u8) || Is("cascade"u8))
        {
            IsUnderstood = true;
            return false;
        }
        return TakeName(StatementTraits.TemporaryTable, isTaken: false);
    }

    /// <summary>HANDLER table OPEN [[AS] alias], HANDLER name CLOSE; READ takes nothing.</summary>
    private bool ReadHandler()
    {
        _lexer.Next();
        if (!TakeName(StatementTraits.Handler, isTaken: true))
            return false;
        if (Is("read"u8))
        {
            End();
            return false;
        }
        IsTaken = Is("open"u8);
        if (!IsTaken && !Is("close"u8))
            return false;
        _lexer.Next();
        if (Is("as"u8))
            _lexer.Next();
        return _lexer.Kind is TokenKind.End or TokenKind.Semicolon ? End() : TakeName(StatementTraits.Handler, IsTaken) && End();
    }

    /// <summary>SELECT or DO with one call of a lock's function and nothing else; the name is a literal.</summary>
    private bool ReadLock()
    {
        _lexer.Next();
        var function = _lexer.Keyword;
        if (function is < Keyword.GetLock or > Keyword.IsUsedLock || _lexer.Next() != TokenKind.LeftParen)
            return false;
        _lexer.Next();
        (Kind, Name, IsTaken) = (StatementTraits.NamedLock, null, function == Keyword.GetLock);
        if (function != Keyword.ReleaseAllLocks && !TakeText())
            return false;
        if (function == Keyword.GetLock && !(Skip(TokenKind.Comma) && Skip(TokenKind.Number)))
            return false;
        if (!Skip(TokenKind.RightParen) || !EndsBehindAlias())
            return false;
        IsUnderstood = true;
        _inList = true; // At its end: the next call finds nothing more.
        return function is Keyword.GetLock or Keyword.ReleaseLock or Keyword.ReleaseAllLocks;
    }

    private bool TakeText()
    {
        var text = _lexer.Text;
        if (_lexer.Kind != TokenKind.String || text.Length < 3 || text[0] is not ((byte)'\'' or (byte)'"') || text[1..^1].IndexOfAny("\\'\""u8) >= 0)
            return false;
        Name = Encoding.Latin1.GetString(text[1..^1]).ToLowerInvariant();
        _lexer.Next();
        return true;
    }

    /// <summary>A name without a schema; one with it is not understood.</summary>
    private bool TakeName(StatementTraits kind, bool isTaken)
    {
        if (_lexer.Kind is not (TokenKind.Word or TokenKind.QuotedIdentifier))
            return false;
        var name = _lexer.Kind == TokenKind.QuotedIdentifier ? _lexer.Text[1..^1] : _lexer.Text;
        (Kind, Name, IsTaken) = (kind, Encoding.Latin1.GetString(name).ToLowerInvariant(), isTaken);
        return _lexer.Next() != TokenKind.Dot;
    }

    private bool EndsBehindAlias()
    {
        if (Is("as"u8))
            _lexer.Next();
        if (_lexer.Kind is TokenKind.Word or TokenKind.QuotedIdentifier or TokenKind.String)
            _lexer.Next();
        return _lexer.Kind is TokenKind.End or TokenKind.Semicolon;
    }

    /// <summary>No further name.</summary>
    private bool End()
    {
        IsUnderstood = _inList = true;
        while (_lexer.Kind > TokenKind.Invalid)
            _lexer.Next();
        return true;
    }

    private bool Skip(TokenKind kind)
    {
        var found = _lexer.Kind == kind;
        _lexer.Next();
        return found;
    }

    private readonly bool Is(ReadOnlySpan<byte> word) => _lexer.Kind == TokenKind.Word && Ascii.EqualsIgnoreCase(_lexer.Text, word);
}
