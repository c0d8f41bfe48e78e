using DbProxy.Demo.Counting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DbProxy.Demo.Views;

/// <summary>Arranges the panels; made for 100 columns and 30 lines, and fills whatever there is.</summary>
internal static class Screen
{
    public static Layout Create(DemoFacts facts, History history, IReadOnlyList<DemoEvent> events) => new Layout().SplitRows(
        Row(HeaderPanel.Create(facts, history), HeaderPanel.Height),
        Row(ServersPanel.Create(history), history.Now.Servers.Length + ServersPanel.ExtraHeight),
        Row(LatencyPanel.Create(history), ChecksPanel.Create(history)).Size(LatencyPanel.Height),
        Row(RoutesPanel.Create(history), EventsPanel.Create(events)));

    private static Layout Row(IRenderable content, int height) => new Layout(content).Size(height);

    private static Layout Row(IRenderable left, IRenderable right) =>
        new Layout().SplitColumns(new Layout(left).Ratio(5), new Layout(right).Ratio(4));
}
