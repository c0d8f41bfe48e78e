namespace DbProxy.Sql;

/// <summary>The first byte of a token decides how it is read.</summary>
internal enum ByteClass : byte
{
    Punctuation,
    Space,
    Letter,
    Digit,
    SingleQuote,
    DoubleQuote,
    Backtick,
    At,
    Dot,
    Semicolon,
    LeftParen,
    RightParen,
    Comma,
    Question,
    Colon,
    Slash,
    Star,
    Minus,
    Hash,
    Nul,
}
