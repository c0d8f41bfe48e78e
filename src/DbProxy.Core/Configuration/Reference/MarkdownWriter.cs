using System.Text;

namespace DbProxy.Core.Configuration.Reference;

/// <summary>Writes the tables of all keys into docs/configuration.md, between its two markers.</summary>
internal static class MarkdownWriter
{
    public const string Begin = "<!-- The tables from here on are generated: dotnet run --project src/DbProxy -- schema --write . -->";
    public const string End = "<!-- Here the generated part ends. -->";

    /// <summary>The page with fresh tables; what stands outside the markers stays.</summary>
    public static string Refresh(string page, XmlDocs docs)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new InvalidDataException("docs/configuration.md lacks the markers of its generated part");
        return string.Concat(page.AsSpan(0, begin + Begin.Length), Tables(docs), page.AsSpan(end));
    }

    private static string Tables(XmlDocs docs)
    {
        var keys = KeyInfo.All(docs);
        var text = new StringBuilder("\n\n");
        Table(text, "Top level", "", keys.Where(k => k.Children.Count == 0));
        Sections(text, keys);
        return text.ToString();
    }

    private static void Sections(StringBuilder text, IEnumerable<KeyInfo> keys)
    {
        foreach (var section in keys.Where(k => k.Children.Count > 0))
        {
            Table(text, section.IsList ? $"{section.Path}[]" : section.Path,
                $"{section.Summary}{(section.Risk is null ? "" : $" {section.Risk}")} {Effect(section)}\n\n", section.Children.Where(k => k.Children.Count == 0));
            Sections(text, section.Children);
        }
    }

    private static void Table(StringBuilder text, string title, string introduction, IEnumerable<KeyInfo> keys)
    {
        text.Append($"### {title}\n\n{introduction}| Key | Default | Allowed | Meaning |\n|---|---|---|---|\n");
        foreach (var key in keys)
            text.Append($"| `{key.Path}` | {Default(key)} | {Allowed(key)} | {Cell(key.Summary)}{(key.Risk is null ? "" : $" *{Cell(key.Risk)}*")} |\n");
        text.Append('\n');
    }

    private static string Effect(KeyInfo section) => section.IsLive ? "Changes take effect on reload." : "Changes need a restart.";

    private static string Default(KeyInfo key) => key switch
    {
        { DefaultText: { } words } => Cell(words),
        { Default: null } => "none",
        { Default: List<string> list } => Cell(string.Join(", ", list.Select(i => $"`\"{i}\"`"))),
        { IsMap: true } => "none",
        { Default: { } value } => $"`{(IsQuoted(key.ValueType) ? $"\"{OptionTypes.Format(value)}\"" : OptionTypes.Format(value))}`",
    };

    private static string Allowed(KeyInfo key) => key switch
    {
        { Allowed: { } range } => $"{range.Min} to {range.Max}",
        { ValueType.IsEnum: true } => string.Join(", ", OptionTypes.Names(key.ValueType).Select(n => $"`{n.Name}`")),
        { IsList: true } => "list of text",
        { Example: { } example } => $"text, such as `{Cell(example)}`",
        _ => "text",
    };

    private static bool IsQuoted(Type type) => type != typeof(int) && type != typeof(double) && type != typeof(bool);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
