namespace DbProxy.Sql;

/// <summary>
/// What of a session's state changes how its statements are read. Comes from <c>sql_mode</c> (tracked by the server) and from
/// the server's flavour. Client character sets whose trail bytes can equal a quote or a backslash (gbk, big5, sjis, cp932,
/// gb18030) belong here as further flags; the lexer reads every text as UTF-8 or another ASCII-transparent character set.
/// </summary>
[Flags]
public enum LexerModes : byte
{
    /// <summary>The default of MySQL and MariaDB.</summary>
    None = 0,

    /// <summary><c>ANSI_QUOTES</c>: double quotes enclose identifiers, not strings.</summary>
    AnsiQuotes = 1,

    /// <summary><c>NO_BACKSLASH_ESCAPES</c>: a backslash in a string is an ordinary character.</summary>
    NoBackslashEscapes = 2,

    /// <summary>The server is a MariaDB: <c>/*M! … */</c> without a version is certainly code.</summary>
    MariaDb = 4,
}
