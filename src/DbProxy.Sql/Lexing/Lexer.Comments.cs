namespace DbProxy.Sql;

/// <summary>
/// The comment kinds. Whether <c>/*!NNNNN</c> is code depends on the server: below 50700 all run it; MySQL runs up to its own
/// version, MariaDB none from 50700 to 99999 (manual, "Comment Syntax"), and <c>/*M!</c> is a plain comment to MySQL. Those that
/// depend are counted, and the caller reads the text in every way.
/// </summary>
internal ref partial struct Lexer
{
    /// <summary>More such comments than this in one text aren't worth reading in every combination.</summary>
    public const int MaxUncertainComments = 3;

    private const int FirstUncertainVersion = 50700;

    private CommentOutcome SkipComment(byte first)
    {
        switch (first)
        {
            case (byte)'#':
                return SkipLine(1);
            case (byte)'-':
                // A blank or control character must follow, and the text's end counts as one.
                return Peek(1) == '-' && Peek(2) is (<= (byte)' ' or 0x7F) ? SkipLine(2) : CommentOutcome.NoComment;
            case (byte)'*' when _insideExecutable && Peek(1) == '/':
                _insideExecutable = false;
                _position += 2;
                return CommentOutcome.Skipped;
            case (byte)'/' when Peek(1) == '*':
                if (Peek(2) == '!')
                    return EnterExecutable(3, isMariaDbOnly: false);
                if (Peek(2) == 'M' && Peek(3) == '!')
                    return EnterExecutable(4, isMariaDbOnly: true);
                return SkipBlock();
            default:
                return CommentOutcome.NoComment;
        }
    }

    private CommentOutcome SkipLine(int markerLength)
    {
        var content = _sql[(_position + markerLength)..];
        var end = content.IndexOfAny((byte)'\n', (byte)0);
        if (end >= 0)
            content = content[..end];
        NoteHint(content);
        // The NUL, which ends the comment for the servers, stays to be met as a token.
        _position = end < 0 ? _sql.Length : _position + markerLength + end;
        return CommentOutcome.Skipped;
    }

    private CommentOutcome SkipBlock()
    {
        var content = _sql[(_position + 2)..];
        var end = content.IndexOf("*/"u8);
        if (end < 0)
            return CommentOutcome.Open;
        content = content[..end];
        if (content.Length > 0 && content[0] == '+')
            // MySQL reads quotes within a hint, MariaDB 10.11 doesn't: they would end it at different places.
            IsAmbiguous |= HasOpenQuote(content) || (_charset is not null && !System.Text.Ascii.IsValid(content));
        else
            NoteHint(content);
        _position += end + 4;
        return CommentOutcome.Skipped;
    }

    private CommentOutcome EnterExecutable(int markerLength, bool isMariaDbOnly)
    {
        var position = _position + markerLength;
        var digits = Math.Min(SkipDigits(position) - position, 6);
        if (digits < 5)
            digits = 0;
        // Older MySQL takes five of six digits for the version and the sixth for code.
        IsAmbiguous |= digits == 6 && !isMariaDbOnly;
        var isCertain = digits == 0
            ? !isMariaDbOnly || (_modes & LexerModes.MariaDb) != 0
            : digits == 5 && !isMariaDbOnly && ParseDigits(position, 5) < FirstUncertainVersion;
        if (!isCertain && (_executed >> Math.Min(UncertainComments++, 31) & 1) == 0)
            return SkipExecutable(position + digits);
        _insideExecutable = true;
        _position = position + digits;
        return CommentOutcome.Skipped;
    }

    private CommentOutcome SkipExecutable(int position)
    {
        var content = _sql[position..];
        var end = content.IndexOf("*/"u8);
        if (end < 0)
            return CommentOutcome.Open;
        // Who skips it as a version comment lets one comment nest in it; who takes it for a plain one doesn't.
        IsAmbiguous |= content[..end].IndexOf("/*"u8) >= 0;
        _position = position + end + 2;
        return CommentOutcome.Skipped;
    }

    private readonly int ParseDigits(int position, int count)
    {
        var value = 0;
        for (var i = position; i < position + count; i++)
            value = (value * 10) + _sql[i] - '0';
        return value;
    }

    private static bool HasOpenQuote(ReadOnlySpan<byte> content) =>
        ((content.Count((byte)'`') | content.Count((byte)'\'') | content.Count((byte)'"')) & 1) != 0;

    private void NoteHint(ReadOnlySpan<byte> comment)
    {
        if (Hint != RoutingHint.Primary && HintComment.Parse(comment) is var hint and not RoutingHint.None)
            Hint = hint;
    }
}
