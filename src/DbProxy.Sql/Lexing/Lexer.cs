namespace DbProxy.Sql;

/// <summary>
/// Reads a text as the servers' own lexers do (MySQL's sql_lex.cc describes the states; the manual's chapter "Language
/// Structure" the rules), token by token, without allocating. Comments are skipped; an executable comment is code where
/// <c>executed</c> says so. Each of the file's parts reads one family of tokens.
/// </summary>
internal ref partial struct Lexer
{
    private readonly ReadOnlySpan<byte> _sql;
    private readonly LexerModes _modes;
    private readonly uint _executed;

    // Null for nearly everybody.
    private readonly ClientCharset? _charset;
    private int _position;
    private bool _afterDot;
    private bool _insideExecutable;

    /// <param name="sql">The text.</param>
    /// <param name="modes">How to read quotes, backslashes and MariaDB's comments.</param>
    /// <param name="executed">Bit n: the n-th comment that only some servers execute is read as code.</param>
    public Lexer(ReadOnlySpan<byte> sql, LexerModes modes, uint executed = uint.MaxValue)
    {
        _sql = sql;
        _modes = modes;
        _executed = executed;
        _charset = (modes & LexerModes.AnyCharset) == 0 ? null : ClientCharset.Of(modes);
    }

    public TokenKind Kind { get; private set; }

    /// <summary>Of a word: which keyword it is; of all else None.</summary>
    public Keyword Keyword { get; private set; }

    public int Start { get; private set; }

    public int End => _position;

    public readonly ReadOnlySpan<byte> Text => _sql[Start.._position];

    /// <summary>How many comments were met so far that only some servers execute.</summary>
    public int UncertainComments { get; private set; }

    /// <summary>Something was met that servers read differently, in a way that variants of the mask don't cover.</summary>
    public bool IsAmbiguous { get; private set; }

    public RoutingHint Hint { get; private set; }

    public TokenKind Next()
    {
        var sql = _sql;
        Keyword = Keyword.None;
        while ((uint)_position < (uint)sql.Length)
        {
            var c = sql[_position];
            switch (ByteClasses.Of(c))
            {
                case ByteClass.Space: _position++; continue;
                case ByteClass.Letter when _charset is null: return LexWord(_position);
                case ByteClass.Letter when _charset.IsBlank(c): _position++; continue;
                case ByteClass.Letter: return FinishWord(_position, CharsetWordEnd(_charset, _position));
                case ByteClass.Digit: return LexNumber(_position);
                case ByteClass.SingleQuote: return LexString(_position, _position);
                case ByteClass.DoubleQuote: return LexDoubleQuoted(_position);
                case ByteClass.Backtick: return LexQuoted(_position, _position);
                case ByteClass.At: return LexAt(_position);
                case ByteClass.Dot: return LexDot(_position);
                case ByteClass.Semicolon: return LexSemicolon();
                case ByteClass.LeftParen: return Take(TokenKind.LeftParen, 1);
                case ByteClass.RightParen: return Take(TokenKind.RightParen, 1);
                case ByteClass.Comma: return Take(TokenKind.Comma, 1);
                case ByteClass.Question: return Take(TokenKind.Parameter, 1);
                case ByteClass.Colon:
                    return Peek(1) == '=' ? Take(TokenKind.Assign, 2) : Take(TokenKind.Punctuation, 1);
                case ByteClass.Nul: return Fail(_position);
                case ByteClass.Slash or ByteClass.Star or ByteClass.Minus or ByteClass.Hash:
                    switch (SkipComment(c))
                    {
                        case CommentOutcome.Skipped: continue;
                        case CommentOutcome.Open: return Fail(_position);
                    }
                    return Take(TokenKind.Punctuation, 1);
                default: return Take(TokenKind.Punctuation, 1);
            }
        }
        // An executable comment that never closes is an error on every server that executes it; and an error stays one.
        Start = sql.Length;
        return _insideExecutable || Kind == TokenKind.Invalid ? Fail(sql.Length) : Kind = TokenKind.End;
    }

    private TokenKind LexSemicolon()
    {
        // Servers forget at the semicolon that they are inside of a comment: what follows isn't worth modelling.
        IsAmbiguous |= _insideExecutable;
        return Take(TokenKind.Semicolon, 1);
    }

    private TokenKind Take(TokenKind kind, int length)
    {
        _afterDot = false;
        Start = _position;
        _position += length;
        return Kind = kind;
    }

    private TokenKind Fail(int start)
    {
        Start = start;
        _position = _sql.Length;
        return Kind = TokenKind.Invalid;
    }

    /// <summary>The byte at a distance from the current one; 0 behind the end, as in the servers' terminated buffers.</summary>
    private readonly byte Peek(int distance) =>
        (uint)(_position + distance) < (uint)_sql.Length ? _sql[_position + distance] : (byte)0;
}
