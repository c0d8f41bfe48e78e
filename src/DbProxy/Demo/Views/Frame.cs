using Spectre.Console;
using Spectre.Console.Rendering;

namespace DbProxy.Demo.Views;

/// <summary>The look that all panels share.</summary>
internal static class Frame
{
    public static Panel Around(string title, IRenderable content) => new Panel(content)
        .Header($"[bold] {title.EscapeMarkup()} [/]")
        .Border(BoxBorder.Rounded)
        .BorderColor(Color.Grey)
        .Padding(1, 0)
        .Expand();

    /// <summary>A table without lines; the first columns hold text and begin at the left, the others hold numbers.</summary>
    public static Table Columns(int texts, params ReadOnlySpan<string> titles)
    {
        var table = new Table().NoBorder().Expand();
        for (int i = 0; i < titles.Length; i++)
        {
            // The default of one space on both sides is counted twice and shown once.
            var column = new TableColumn($"[grey]{titles[i].EscapeMarkup()}[/]").NoWrap().PadLeft(0).PadRight(i + 1 < titles.Length ? 1 : 0);
            table.AddColumn(i < texts ? column : column.RightAligned());
        }

        return table;
    }

    /// <summary>A number that must be 0.</summary>
    public static string MustBeZero(long value) => value == 0 ? "[green]0[/]" : $"[red bold]{value:#,0}[/]";
}
