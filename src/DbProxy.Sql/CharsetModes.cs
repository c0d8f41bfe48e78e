namespace DbProxy.Sql;

/// <summary>Which lexical mode a client character set means.</summary>
public static class CharsetModes
{
    /// <summary>The flag for <c>character_set_client</c>; none where UTF-8's rules do (also the servers' ucs2, utf16 and
    /// utf32, which they refuse from clients).</summary>
    /// <param name="charset">The name as servers report it; case doesn't matter.</param>
    public static LexerModes Of(string charset)
    {
        ArgumentNullException.ThrowIfNull(charset);
        return charset.ToLowerInvariant() switch
        {
            "gbk" => LexerModes.Gbk,
            "gb18030" => LexerModes.Gb18030,
            "big5" => LexerModes.Big5,
            "sjis" or "cp932" => LexerModes.ShiftJis,
            "latin1" or "latin2" or "latin5" or "latin7" or "dec8" or "hebrew" or "greek" or "cp1250" or "armscii8" or "geostd8" =>
                LexerModes.BlankA0,
            "cp852" or "cp866" or "keybcs2" => LexerModes.BlankFF,
            _ => LexerModes.None,
        };
    }
}
