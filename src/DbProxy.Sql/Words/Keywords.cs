using System.Text;

namespace DbProxy.Sql;

/// <summary>Finds the <see cref="Keyword"/> that a word is.</summary>
internal static class Keywords
{
    private static readonly WordTable Table = new(BuildWords());

    public static Keyword Find(ReadOnlySpan<byte> text, int start, int length) =>
        (Keyword)Table.Find(text, start, length);

    /// <summary>The keyword's spelling, in lower case.</summary>
    internal static string Spell(Keyword keyword)
    {
        var word = new StringBuilder();
        foreach (var c in keyword.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && word.Length > 0)
                word.Append('_');
            word.Append(char.ToLowerInvariant(c));
        }
        return word.ToString();
    }

    // The table numbers words from 1, and number 1 is Qualified, which no spelling finds.
    private static string[] BuildWords() =>
        [.. Enum.GetValues<Keyword>().Skip(1).Select(k => k == Keyword.Qualified ? "" : Spell(k))];
}
