using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>What runs, and how to join in.</summary>
internal static class HeaderPanel
{
    public const int Height = 5;
    public const int ShortHeight = 4;

    public static Panel Create(DemoFacts facts, History history)
    {
        var rows = new Grid().AddColumn(new GridColumn().NoWrap().Width(7)).AddColumn(new GridColumn().NoWrap());
        rows.AddRow("[grey]Connect[/]", $"[teal]{facts.ConnectionString.EscapeMarkup()}[/]");
        rows.AddRow("[grey]or[/]", $"[teal]{facts.CommandLine.EscapeMarkup()}[/]");
        rows.AddRow("[grey]Watch[/]", $"[teal]{facts.Statistics.ToString().EscapeMarkup()}  {facts.Metrics.ToString().EscapeMarkup()}[/]");
        var title = $"dbproxy demo · {facts.Product} · {facts.Clients} clients · {history.Now.Elapsed:h\\:mm\\:ss} · Ctrl-C ends it";
        return Frame.Around(title, rows);
    }

    /// <summary>Without what would be cut off: half a connection string is of no use.</summary>
    public static Panel CreateShort(DemoFacts facts) => Frame.Around(
        $"dbproxy demo · {facts.Product}",
        new Rows(
            new Markup($"[teal]{facts.CommandLine.EscapeMarkup()}[/]"),
            new Markup($"[teal]{facts.Statistics.ToString().EscapeMarkup()}  {facts.Metrics.ToString().EscapeMarkup()}[/]")));
}
