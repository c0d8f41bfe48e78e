namespace DbProxy.Sql;

/// <summary>Strings, quoted names and numbers.</summary>
internal ref partial struct Lexer
{
    private TokenKind LexDoubleQuoted(int position) =>
        (_modes & LexerModes.AnsiQuotes) != 0 ? LexQuoted(position, position) : LexString(position, position);

    /// <summary>A string whose token begins at <paramref name="start"/> (a prefix) and whose quote stands at <paramref name="quoteAt"/>.</summary>
    private TokenKind LexString(int start, int quoteAt)
    {
        if (_charset is not null)
            return LexCharsetQuoted(_charset, start, quoteAt, TokenKind.String);
        if ((_modes & LexerModes.NoBackslashEscapes) != 0)
            return LexDelimited(start, quoteAt, TokenKind.String);
        var quote = _sql[quoteAt];
        var position = quoteAt + 1;
        while (true)
        {
            var found = position < _sql.Length ? _sql[position..].IndexOfAny(quote, (byte)'\\') : -1;
            if (found < 0)
                return Fail(start);
            position += found;
            if (_sql[position] == '\\' || (position + 1 < _sql.Length && _sql[position + 1] == quote))
                position += 2;
            else
                return Finish(start, position + 1, TokenKind.String);
        }
    }

    private TokenKind LexQuoted(int start, int quoteAt) => _charset is null
        ? LexDelimited(start, quoteAt, TokenKind.QuotedIdentifier)
        : LexCharsetQuoted(_charset, start, quoteAt, TokenKind.QuotedIdentifier);

    /// <summary>Text between quotes where only a doubled quote stands for itself.</summary>
    private TokenKind LexDelimited(int start, int quoteAt, TokenKind kind)
    {
        var quote = _sql[quoteAt];
        var position = quoteAt + 1;
        while (true)
        {
            var found = position < _sql.Length ? _sql[position..].IndexOf(quote) : -1;
            if (found < 0)
                return Fail(start);
            position += found + 1;
            if (position >= _sql.Length || _sql[position] != quote)
                return Finish(start, position, kind);
            position++;
        }
    }

    private TokenKind LexNumber(int start)
    {
        if (_afterDot)
            return LexNumericWord(start);
        if (_sql[start] == '0' && RadixEnd(start) is var radixEnd and > 0)
            return Finish(start, radixEnd, TokenKind.Number);

        var end = SkipDigits(start);
        if (end >= _sql.Length || !IsWordPart(_sql[end]))
        {
            if (end < _sql.Length && _sql[end] == '.')
                end = SkipDigits(end + 1);
            return Finish(start, SkipExponent(end), TokenKind.Number);
        }
        // "1e5" is a number, "1e" and "1a" are names.
        var withExponent = SkipExponent(end);
        return withExponent > end ? Finish(start, withExponent, TokenKind.Number) : LexNumericWord(start);
    }

    private TokenKind LexNumericWord(int start) =>
        _charset is null ? LexWord(start) : FinishWord(start, CharsetWordEnd(_charset, start));

    /// <summary>The end of 0x… or 0b… (lower case only, as in the servers), or 0 when this is a name or a plain zero.</summary>
    private readonly int RadixEnd(int start)
    {
        var marker = start + 1 < _sql.Length ? _sql[start + 1] : (byte)0;
        if (marker is not ((byte)'x' or (byte)'b'))
            return 0;
        var end = start + 2;
        while (end < _sql.Length && (marker == 'x' ? char.IsAsciiHexDigit((char)_sql[end]) : _sql[end] is (byte)'0' or (byte)'1'))
            end++;
        return end > start + 2 && (end >= _sql.Length || !IsWordPart(_sql[end])) ? end : 0;
    }

    private readonly int SkipDigits(int position)
    {
        while ((uint)position < (uint)_sql.Length && (uint)(_sql[position] - '0') <= 9)
            position++;
        return position;
    }

    private readonly int SkipExponent(int position)
    {
        if (position >= _sql.Length || (_sql[position] | 0x20) != 'e')
            return position;
        var digits = position + 1;
        if (digits < _sql.Length && _sql[digits] is (byte)'+' or (byte)'-')
            digits++;
        var end = SkipDigits(digits);
        return end > digits ? end : position;
    }

    private TokenKind Finish(int start, int end, TokenKind kind)
    {
        _afterDot = false;
        Start = start;
        _position = end;
        return Kind = kind;
    }
}
