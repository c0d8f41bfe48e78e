namespace DbProxy.Sql;

/// <summary>
/// What of a session's state changes how its statements are read: <c>sql_mode</c> and <c>character_set_client</c> (tracked by
/// the server) and the server's flavour. Of the character sets at most one is set; without any, bytes from 0x80 are parts of
/// words, as in UTF-8.
/// </summary>
[Flags]
public enum LexerModes : ushort
{
    /// <summary>The default of MySQL and MariaDB.</summary>
    None = 0,

    /// <summary><c>ANSI_QUOTES</c>: double quotes enclose identifiers, not strings.</summary>
    AnsiQuotes = 1,

    /// <summary><c>NO_BACKSLASH_ESCAPES</c>: a backslash in a string is an ordinary character.</summary>
    NoBackslashEscapes = 2,

    /// <summary>The server is a MariaDB: <c>/*M! … */</c> without a version is certainly code.</summary>
    MariaDb = 4,

    /// <summary>gbk.</summary>
    Gbk = 8,

    /// <summary>gb18030: as gbk, and characters of four bytes.</summary>
    Gb18030 = 16,

    /// <summary>big5.</summary>
    Big5 = 32,

    /// <summary>sjis and cp932.</summary>
    ShiftJis = 64,

    /// <summary>Byte 0xA0 is a blank to the servers: latin1 and nine others.</summary>
    BlankA0 = 128,

    /// <summary>Byte 0xFF is a blank: cp852, cp866, keybcs2.</summary>
    BlankFF = 256,

    /// <summary>Any of the character sets.</summary>
    AnyCharset = Gbk | Gb18030 | Big5 | ShiftJis | BlankA0 | BlankFF,
}
