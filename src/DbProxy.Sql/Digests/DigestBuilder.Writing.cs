namespace DbProxy.Sql;

/// <summary>Spaces and case.</summary>
internal ref partial struct DigestBuilder
{
    private void Write(TokenKind token, ReadOnlySpan<byte> text)
    {
        var isReserved = token == TokenKind.Word && _word != 0;
        if (NeedsSpace(token, text[0]))
            Writer.Append(" "u8);
        if (isReserved)
            Writer.AppendUpper(text);
        else
            Writer.Append(text);
        _lastIsReserved = isReserved;
        _lastIsIn = isReserved && _word == ReservedWords.In;
        _last = token;
        _lastByte = text[^1];
        _lastEnd = _lexer.End;
    }

    private readonly bool NeedsSpace(TokenKind token, byte first)
    {
        if (_last is TokenKind.End or TokenKind.LeftParen or TokenKind.Dot or TokenKind.SystemVariable)
            return false;
        return token switch
        {
            TokenKind.Comma or TokenKind.RightParen or TokenKind.Dot or TokenKind.Semicolon => false,
            TokenKind.LeftParen => _lastIsReserved || _last is not (TokenKind.Word or TokenKind.QuotedIdentifier),
            // Operators of several characters come byte by byte.
            TokenKind.Punctuation => _last != TokenKind.Punctuation || _lastEnd != _lexer.Start
                || first is not ((byte)'=' or (byte)'>' or (byte)'<' or (byte)'|' or (byte)'&')
                || _lastByte is not ((byte)'=' or (byte)'>' or (byte)'<' or (byte)'|' or (byte)'&' or (byte)'!' or (byte)'-'),
            _ => true,
        };
    }
}
