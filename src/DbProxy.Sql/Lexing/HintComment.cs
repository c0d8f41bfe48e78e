using System.Text;

namespace DbProxy.Sql;

/// <summary>Reads "dbproxy:primary" or "dbproxy:replica" at a comment's beginning; what follows a blank is free text.</summary>
internal static class HintComment
{
    public static RoutingHint Parse(ReadOnlySpan<byte> comment)
    {
        comment = comment.TrimStart(" \t\r\n"u8);
        if (!TakeWord(ref comment, "dbproxy"u8))
            return RoutingHint.None;
        comment = comment.TrimStart(" \t\r\n"u8);
        if (comment.IsEmpty || comment[0] != ':')
            return RoutingHint.None;
        comment = comment[1..].TrimStart(" \t\r\n"u8);
        if (TakeWord(ref comment, "primary"u8))
            return RoutingHint.Primary;
        return TakeWord(ref comment, "replica"u8) ? RoutingHint.Replica : RoutingHint.None;
    }

    private static bool TakeWord(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (text.Length < word.Length || !Ascii.EqualsIgnoreCase(text[..word.Length], word))
            return false;
        if (text.Length > word.Length && ByteClasses.IsWordPart(text[word.Length]))
            return false;
        text = text[word.Length..];
        return true;
    }
}
