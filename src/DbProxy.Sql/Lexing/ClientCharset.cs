namespace DbProxy.Sql;

/// <summary>
/// How the servers' lexers read the bytes from 0x80 of a client character set in which they are not all parts of words:
/// the lead bytes of characters whose trail bytes may equal a backslash, a backquote or a letter, and bytes that are blanks.
/// One table of flags a character set. Ranges: the encoding standard's indexes for gbk, gb18030, big5 and shift_jis, with
/// the limits that the servers check (MySQL Internals, "Character set structure"); tested byte by byte against both servers.
/// </summary>
internal sealed class ClientCharset
{
    private const byte Blank = 1;
    private const byte Lead = 2;
    private const byte Trail = 4;

    /// <summary>The second and the fourth byte of four.</summary>
    private const byte DigitTrail = 8;

    private static readonly ClientCharset Gbk = new(
        (0x81, 0xFE, Lead), (0x40, 0x7E, Trail), (0x80, 0xFE, Trail));

    private static readonly ClientCharset Gb18030 = new(
        (0x81, 0xFE, Lead), (0x40, 0x7E, Trail), (0x80, 0xFE, Trail), (0x30, 0x39, DigitTrail));

    private static readonly ClientCharset Big5 = new(
        (0xA1, 0xF9, Lead), (0x40, 0x7E, Trail), (0xA1, 0xFE, Trail));

    private static readonly ClientCharset ShiftJis = new(
        (0x81, 0x9F, Lead), (0xE0, 0xFC, Lead), (0x40, 0x7E, Trail), (0x80, 0xFC, Trail));

    private static readonly ClientCharset BlankA0 = new((0xA0, 0xA0, Blank));
    private static readonly ClientCharset BlankFF = new((0xFF, 0xFF, Blank));

    private readonly byte[] _flags = new byte[256];

    private ClientCharset(params ReadOnlySpan<(int First, int Last, byte Flag)> ranges)
    {
        foreach (var (first, last, flag) in ranges)
        {
            for (var i = first; i <= last; i++)
                _flags[i] |= flag;
        }
    }

    /// <summary>The table for a session's modes; null: each byte from 0x80 is part of a word, and no other byte is part of a character.</summary>
    public static ClientCharset? Of(LexerModes modes) => (modes & LexerModes.AnyCharset) switch
    {
        LexerModes.Gbk => Gbk,
        LexerModes.Gb18030 => Gb18030,
        LexerModes.Big5 => Big5,
        LexerModes.ShiftJis => ShiftJis,
        LexerModes.BlankA0 => BlankA0,
        LexerModes.BlankFF => BlankFF,
        _ => null,
    };

    public bool IsBlank(byte value) => (_flags[value] & Blank) != 0;

    public bool IsLead(byte value) => (_flags[value] & Lead) != 0;

    /// <summary>The bytes of the character at a position: 1, 2 or 4; 1 also for a lead byte that nothing fitting follows.</summary>
    public int Length(ReadOnlySpan<byte> text, int position)
    {
        if ((_flags[text[position]] & Lead) == 0 || position + 1 >= text.Length)
            return 1;
        var second = _flags[text[position + 1]];
        if ((second & Trail) != 0)
            return 2;
        var isFour = (second & DigitTrail) != 0 && position + 3 < text.Length
            && (_flags[text[position + 2]] & Lead) != 0 && (_flags[text[position + 3]] & DigitTrail) != 0;
        return isFour ? 4 : 1;
    }
}
