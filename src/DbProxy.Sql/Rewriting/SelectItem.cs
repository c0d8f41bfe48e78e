namespace DbProxy.Sql;

/// <summary>One expression of a select list, or none where no list is under way.</summary>
/// <param name="IsInList">Whether a select list is under way at this depth of parentheses.</param>
/// <param name="Start">Where it begins; -1: its first token is still to come.</param>
/// <param name="IsChanged">Whether a literal was put in.</param>
internal readonly record struct SelectItem(bool IsInList, int Start, bool IsChanged)
{
    public static readonly SelectItem None = new(false, -1, false);

    public static readonly SelectItem Next = new(true, -1, false);
}

/// <summary>A token that was passed.</summary>
internal readonly record struct Token(TokenKind Kind, Keyword Keyword, int Start, int End)
{
    /// <summary>Whether it can be an alias, given the token before it: behind AS, or behind the end of an operand.</summary>
    public bool MayBeAliasBehind(in Token before) =>
        Kind is TokenKind.Word or TokenKind.QuotedIdentifier or TokenKind.String
        && before.Kind is TokenKind.Word or TokenKind.QuotedIdentifier or TokenKind.String or TokenKind.Number
            or TokenKind.Parameter or TokenKind.RightParen or TokenKind.UserVariable;
}
