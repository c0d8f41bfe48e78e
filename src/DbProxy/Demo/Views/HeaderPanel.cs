using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>What runs, and how to join in.</summary>
internal static class HeaderPanel
{
    public const int Height = 5;

    public static Panel Create(DemoFacts facts, History history)
    {
        var rows = new Grid().AddColumn(new GridColumn().NoWrap().Width(7)).AddColumn(new GridColumn().NoWrap());
        rows.AddRow("[grey]Connect[/]", $"[aqua]{facts.ConnectionString.EscapeMarkup()}[/]");
        rows.AddRow("[grey]or[/]", $"[aqua]{facts.CommandLine.EscapeMarkup()}[/]");
        rows.AddRow("[grey]Metrics[/]", $"[aqua]{facts.Metrics.ToString().EscapeMarkup()}[/]");
        var title = $"dbproxy demo · {facts.Product} · {facts.Clients} clients · {history.Now.Elapsed:h\\:mm\\:ss} · Ctrl-C ends it";
        return Frame.Around(title, rows);
    }
}
