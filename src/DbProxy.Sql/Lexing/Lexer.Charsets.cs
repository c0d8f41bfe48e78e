namespace DbProxy.Sql;

/// <summary>
/// Words, strings and quoted names in character sets that <see cref="ClientCharset"/> knows. As in the servers, a
/// character counts as a whole in these three, but not behind a backslash and not in comments.
/// </summary>
internal ref partial struct Lexer
{
    /// <summary>The end of the word at <paramref name="start"/>; the same as the start where a blank stands there.</summary>
    private readonly int CharsetWordEnd(ClientCharset charset, int start, bool takesDots = false)
    {
        var end = start;
        while (end < _sql.Length)
        {
            var c = _sql[end];
            if (c >= 0x80)
            {
                if (charset.IsBlank(c))
                    break;
                end += charset.Length(_sql, end);
            }
            else if (ByteClasses.IsWordPart(c) || (takesDots && c == '.'))
                end++;
            else
                break;
        }
        return end;
    }

    /// <summary>Behind the opening quote: where the closing one stands; negative: nowhere.</summary>
    private int CharsetQuoteEnd(ClientCharset charset, int position, byte quote, bool escapes, bool isName)
    {
        while (position < _sql.Length)
        {
            var c = _sql[position];
            if (c >= 0x80)
            {
                var length = charset.Length(_sql, position);
                // Half a character: MySQL takes it as it is, MariaDB refuses the name, older ones take the next byte with it.
                IsAmbiguous |= isName && length == 1 && charset.IsLead(c);
                position += length;
            }
            else if (c == '\\' && escapes)
                position += 2;
            else if (c != quote)
                position++;
            else if (position + 1 < _sql.Length && _sql[position + 1] == quote)
                position += 2;
            else
                return position;
        }
        return -1;
    }

    private TokenKind LexCharsetQuoted(ClientCharset charset, int start, int quoteAt, TokenKind kind)
    {
        var isName = kind == TokenKind.QuotedIdentifier;
        var escapes = !isName && (_modes & LexerModes.NoBackslashEscapes) == 0;
        var end = CharsetQuoteEnd(charset, quoteAt + 1, _sql[quoteAt], escapes, isName);
        return end < 0 ? Fail(start) : Finish(start, end + 1, kind);
    }
}
