using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>The proxy's last log lines, the newest first.</summary>
internal static class EventsPanel
{
    private const int Shown = 10;

    public static Panel Create(IReadOnlyList<DemoEvent> events)
    {
        var lines = events.Reverse().Take(Shown).Select(e => $"[grey]{e.Time:HH:mm:ss}[/] {Colored(e)}");
        return Frame.Around("The proxy says", new Markup(string.Join("\n", lines)).Overflow(Overflow.Ellipsis));
    }

    private static string Colored(DemoEvent line)
    {
        var text = line.Text.EscapeMarkup();
        return line.Level switch
        {
            >= LogLevel.Error => $"[red]{text}[/]",
            LogLevel.Warning => $"[olive]{text}[/]",
            _ => text,
        };
    }
}
