namespace DbProxy.Sql;

/// <summary>One table lookup a byte, as the servers' own state maps do.</summary>
internal static class ByteClasses
{
    private static readonly byte[] Table = Build();

    public static ByteClass Of(byte value) => (ByteClass)Table[value];

    /// <summary>True for what continues an unquoted name: letters, digits, _, $ and every byte from 0x80.</summary>
    public static bool IsWordPart(byte value) => (uint)(Table[value] - (byte)ByteClass.Letter) <= 1;

    private static byte[] Build()
    {
        var table = new byte[256];
        for (var i = 0; i < 256; i++)
        {
            var c = (byte)i;
            if (char.IsAsciiLetter((char)i) || c is (byte)'_' or (byte)'$' or >= 0x80)
                table[i] = (byte)ByteClass.Letter;
            else if (char.IsAsciiDigit((char)i))
                table[i] = (byte)ByteClass.Digit;
            else if (c is (byte)' ' or (>= 9 and <= 13))
                table[i] = (byte)ByteClass.Space;
        }
        table['\''] = (byte)ByteClass.SingleQuote;
        table['"'] = (byte)ByteClass.DoubleQuote;
        table['`'] = (byte)ByteClass.Backtick;
        table['@'] = (byte)ByteClass.At;
        table['.'] = (byte)ByteClass.Dot;
        table[';'] = (byte)ByteClass.Semicolon;
        table['('] = (byte)ByteClass.LeftParen;
        table[')'] = (byte)ByteClass.RightParen;
        table[','] = (byte)ByteClass.Comma;
        table['?'] = (byte)ByteClass.Question;
        table[':'] = (byte)ByteClass.Colon;
        table['/'] = (byte)ByteClass.Slash;
        table['*'] = (byte)ByteClass.Star;
        table['-'] = (byte)ByteClass.Minus;
        table['#'] = (byte)ByteClass.Hash;
        table[0] = (byte)ByteClass.Nul;
        return table;
    }
}
