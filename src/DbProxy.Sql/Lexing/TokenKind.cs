namespace DbProxy.Sql;

/// <summary>What the lexer tells apart; operators matter to nobody here and are one kind.</summary>
internal enum TokenKind : byte
{
    End,

    /// <summary>An open string, quote or comment, or a NUL byte: nothing behind it can be trusted.</summary>
    Invalid,
    Semicolon,

    /// <summary>An unquoted name or keyword.</summary>
    Word,
    QuotedIdentifier,
    String,
    Number,
    Parameter,

    /// <summary>@name, @'name', @`name`, or the host part of an account.</summary>
    UserVariable,

    /// <summary>The two characters @@; the name follows as a token of its own.</summary>
    SystemVariable,

    /// <summary>:=</summary>
    Assign,
    LeftParen,
    RightParen,
    Comma,
    Dot,

    /// <summary>One byte of an operator.</summary>
    Punctuation,
}
