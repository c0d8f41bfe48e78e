namespace DbProxy.Sql;

/// <summary>Turns tokens into the digest's text. Literals wait in a run until something else follows.</summary>
internal ref partial struct DigestBuilder(ReadOnlySpan<byte> sql, LexerModes modes, DigestWriter writer)
{
    public DigestWriter Writer = writer;
    private Lexer _lexer = new(sql, modes);

    private int _depth;

    // The current token's number among the reserved words; 0 for a name and for all but words.
    private int _word;

    // The run of literals that isn't written yet, and whether a comma stands behind it.
    private int _run;
    private bool _runHasComma;
    private bool _runIsInList;

    // The last token written.
    private TokenKind _last = TokenKind.End;
    private int _lastEnd;
    private byte _lastByte;
    private bool _lastIsReserved;
    private bool _lastIsIn;
    private bool _semicolonWaits;

    // Where rows stand: the depth of VALUES itself and the inside of IN's parenthesis. Minus one: nowhere.
    private int _valuesDepth = -1;
    private int _inDepth = -1;
    private bool _rowIsComplete;

    private readonly bool BehindOperand => _run > 0
        ? !_runHasComma
        : _last is TokenKind.QuotedIdentifier or TokenKind.RightParen or TokenKind.UserVariable
            || (_last == TokenKind.Word && !_lastIsReserved);

    public void Run()
    {
        while (!Writer.IsFull)
        {
            var token = _lexer.Next();
            if (token is TokenKind.End or TokenKind.Invalid)
                break;
            _word = token == TokenKind.Word && _lexer.Keyword != Keyword.Qualified ? ReservedWords.Find(_lexer.Text) : 0;
            if (IsLiteral(token))
                AddLiteral();
            else if (token == TokenKind.Comma)
                AddComma();
            else if (!IsSign(token))
                AddToken(token);
        }
        FlushRun();
        if (_lexer.Kind == TokenKind.Invalid)
            Writer.Append(" <open>"u8);
    }

    private readonly bool IsLiteral(TokenKind token) => token switch
    {
        TokenKind.String or TokenKind.Number or TokenKind.Parameter => true,
        // IS NULL and NOT NULL are grammar; in lists and comparisons the three are values.
        TokenKind.Word when ReservedWords.IsConstant(_word) =>
            _runHasComma || (_run == 0 && _last is TokenKind.Comma or TokenKind.LeftParen or TokenKind.Punctuation),
        _ => false,
    };

    private void AddLiteral()
    {
        if (_run == 0)
        {
            WriteSemicolon();
            _runIsInList = _last == TokenKind.LeftParen && _depth == _inDepth;
        }
        // Strings that follow one another without a comma are one literal.
        if (_run == 0 || _runHasComma)
            _run = Math.Min(_run + 1, 2);
        _runHasComma = false;
    }

    private void AddComma()
    {
        if (SkipFurtherRows())
            return;
        if (_run > 0 && !_runHasComma)
        {
            _runHasComma = true;
            return;
        }
        FlushRun();
        Write(TokenKind.Comma, ","u8);
    }

    /// <summary>A + or - before a number, where no operand stands before it, belongs to the number.</summary>
    private readonly bool IsSign(TokenKind token)
    {
        if (token != TokenKind.Punctuation || _lexer.Text[0] is not ((byte)'-' or (byte)'+') || BehindOperand)
            return false;
        var ahead = _lexer;
        return ahead.Next() == TokenKind.Number;
    }

    private void AddToken(TokenKind token)
    {
        FlushRun();
        if (token == TokenKind.Semicolon)
        {
            _semicolonWaits = _last != TokenKind.End;
            _depth = 0;
            return;
        }
        WriteSemicolon();
        FollowLists(token);
        Write(token, _lexer.Text);
    }

    private void WriteSemicolon()
    {
        if (_semicolonWaits)
            Write(TokenKind.Semicolon, ";"u8);
        _semicolonWaits = false;
    }

    private void FlushRun()
    {
        if (_run == 0)
            return;
        Write(TokenKind.QuotedIdentifier, _run > 1 || _runIsInList ? "..."u8 : "?"u8);
        if (_runHasComma)
            Write(TokenKind.Comma, ","u8);
        _run = 0;
        _runHasComma = false;
    }
}
