namespace DbProxy.Sql;

/// <summary>Rows of VALUES and lists behind IN: their number isn't part of the shape.</summary>
internal ref partial struct DigestBuilder
{
    private void FollowLists(TokenKind token)
    {
        switch (token)
        {
            case TokenKind.LeftParen:
                _depth++;
                if (_lastIsIn)
                    _inDepth = _depth;
                _rowIsComplete = false;
                return;
            case TokenKind.RightParen:
                if (_depth == _inDepth)
                    _inDepth = -1;
                _depth--;
                _rowIsComplete = true;
                return;
            case TokenKind.Word when _word != 0 && (_word == ReservedWords.Values || _word == ReservedWords.Value):
                _valuesDepth = _depth;
                return;
            case TokenKind.Word when _word == ReservedWords.Row:
                return;
        }
        if (_depth == _valuesDepth)
            _valuesDepth = -1;
    }

    /// <summary>At a comma behind a row: passes the rows that follow, with their commas.</summary>
    private bool SkipFurtherRows()
    {
        if (!_rowIsComplete || _last != TokenKind.RightParen || (_depth != _valuesDepth && _depth != _inDepth))
            return false;
        var skipped = false;
        var ahead = _lexer;
        while (ahead.Kind == TokenKind.Comma)
        {
            if (ahead.Next() == TokenKind.Word && ReservedWords.Find(ahead.Text) == ReservedWords.Row)
                ahead.Next();
            if (ahead.Kind != TokenKind.LeftParen || !SkipParentheses(ref ahead))
                break;
            // Behind the row's last parenthesis: take that as read, and look for another comma.
            _lexer = ahead;
            skipped = true;
            ahead.Next();
        }
        return skipped;
    }

    private static bool SkipParentheses(ref Lexer lexer)
    {
        for (var depth = 1; depth > 0;)
        {
            switch (lexer.Next())
            {
                case TokenKind.LeftParen: depth++; break;
                case TokenKind.RightParen: depth--; break;
                case TokenKind.End or TokenKind.Invalid or TokenKind.Semicolon: return false;
            }
        }
        return true;
    }
}
