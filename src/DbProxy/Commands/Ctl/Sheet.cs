using System.Globalization;
using Spectre.Console;

namespace DbProxy.Commands.Ctl;

/// <summary>A table on the standard output: titles with a leading &gt; are of columns with figures, aligned to the right.</summary>
internal sealed class Sheet
{
    // Where nobody looks, such as in a pipe, lines are as long as they must be.
    private const int Unlimited = 1000;

    private readonly Table _table = new Table().Border(TableBorder.Simple);

    public Sheet(params string[] titles)
    {
        foreach (var title in titles)
            _table.AddColumn(title.StartsWith('>') ? new TableColumn(new Text(title[1..])).RightAligned() : new TableColumn(new Text(title)));
    }

    /// <summary>Adds a row; numbers, times and lists are written the same everywhere.</summary>
    public void Add(params object?[] cells) => _table.AddRow(cells.Select(Cell));

    public void WriteTo(TextWriter output)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        if (output != Console.Out || Console.IsOutputRedirected)
            console.Profile.Width = Unlimited;
        console.Write(_table);
    }

    private static Text Cell(object? value) => value switch
    {
        Mark mark => new(Plain.Text(mark.Word), mark.Style),
        _ => new(Plain.Text(Format(value))),
    };

    private static string Format(object? value) => value switch
    {
        null => "-",
        string text => text,
        bool yes => yes ? "yes" : "no",
        double number => number.ToString("#,0.##", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString("#,0", CultureInfo.InvariantCulture),
        IEnumerable<string> list => string.Join(", ", list),
        _ => value.ToString() ?? "",
    };
}
