namespace DbProxy.Sql;

/// <summary>Names, keywords, dots and variables.</summary>
internal ref partial struct Lexer
{
    private TokenKind LexWord(int start)
    {
        var sql = _sql;
        var end = start + 1;
        while ((uint)end < (uint)sql.Length && ByteClasses.IsWordPart(sql[end]))
            end++;
        return FinishWord(start, end);
    }

    private TokenKind FinishWord(int start, int end)
    {
        var sql = _sql;
        var following = (uint)end < (uint)sql.Length ? sql[end] : (byte)0;
        // N'…', X'…' and B'…' are literals only when the quote follows at once.
        if (following == '\'' && end == start + 1 && (sql[start] | 0x20) is 'n' or 'x' or 'b' && !_afterDot)
            return LexString(start, end);

        Start = start;
        _position = end;
        if (_afterDot)
            Keyword = QualifiedKeyword(sql[start..end]);
        else if (following == '.' && (uint)(end + 1) < (uint)sql.Length && IsWordPart(sql[end + 1]))
            Keyword = Keyword.Qualified; // "for.x": servers don't look a name up that a dot and a name follow.
        else
            Keyword = Keywords.Find(sql, start, end - start);
        _afterDot = false;
        return Kind = TokenKind.Word;
    }

    /// <summary>Directly behind a dot no word is a keyword; but "s.nextval" moves a sequence in MariaDB's Oracle mode.</summary>
    private static Keyword QualifiedKeyword(ReadOnlySpan<byte> word) =>
        word.Length == 7 && Keywords.Find(word, 0, 7) is var found and (Keyword.Nextval or Keyword.Currval)
            ? found
            : Keyword.Qualified;

    private TokenKind LexDot(int position)
    {
        var next = Peek(1);
        var afterWord = Kind == TokenKind.Word && EndsWord(position);
        // "t.1" is a qualified name, "t .1" and "`t`.1" have a number.
        if (!afterWord && (uint)(next - '0') <= 9)
            return LexNumber(position);
        Take(TokenKind.Dot, 1);
        _afterDot = IsWordPart(next);
        return Kind;
    }

    private readonly bool IsWordPart(byte value) =>
        ByteClasses.IsWordPart(value) && (_charset is null || !_charset.IsBlank(value));

    private readonly bool EndsWord(int position) => position > 0 && ByteClasses.IsWordPart(_sql[position - 1]);

    private TokenKind LexAt(int position)
    {
        switch (Peek(1))
        {
            case (byte)'@': return Take(TokenKind.SystemVariable, 2);
            case (byte)'\'': return AsVariable(LexString(position, position + 1));
            case (byte)'`': return AsVariable(LexQuoted(position, position + 1));
            case (byte)'"':
                return AsVariable((_modes & LexerModes.AnsiQuotes) != 0
                    ? LexQuoted(position, position + 1)
                    : LexString(position, position + 1));
        }
        var end = position + 1;
        if (_charset is not null)
            end = CharsetWordEnd(_charset, end, takesDots: true);
        while (end < _sql.Length && _charset is null && (ByteClasses.IsWordPart(_sql[end]) || _sql[end] == '.'))
            end++;
        return Take(TokenKind.UserVariable, end - position);
    }

    private TokenKind AsVariable(TokenKind quoted) =>
        quoted == TokenKind.Invalid ? quoted : Kind = TokenKind.UserVariable;
}
