using DbProxy.Demo.Counting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DbProxy.Demo.Views;

/// <summary>Arranges the panels: all of them from 100 columns and 30 lines on, the first ones where there is less room.</summary>
internal static class Screen
{
    private const int WideEnough = 100;

    public static Layout Create(DemoFacts facts, History history, IReadOnlyList<DemoEvent> events, int width) =>
        width >= WideEnough ? Wide(facts, history, events) : Narrow(facts, history);

    private static Layout Wide(DemoFacts facts, History history, IReadOnlyList<DemoEvent> events) => new Layout().SplitRows(
        Row(HeaderPanel.Create(facts, history), HeaderPanel.Height),
        Row(ServersPanel.Create(history), ServersPanel.Height(history)),
        Row(LatencyPanel.Create(history), ChecksPanel.Create(history)).Size(LatencyPanel.Height),
        Row(RoutesPanel.Create(history), EventsPanel.Create(events)));

    private static Layout Narrow(DemoFacts facts, History history) => new Layout().SplitRows(
        Row(HeaderPanel.CreateShort(facts), HeaderPanel.ShortHeight),
        Row(ServersPanel.CreateShort(history), ServersPanel.Height(history)),
        Row(LatencyPanel.Create(history), LatencyPanel.Height),
        new Layout(ChecksPanel.Create(history)));

    private static Layout Row(IRenderable content, int height) => new Layout(content).Size(height);

    private static Layout Row(IRenderable left, IRenderable right) =>
        new Layout().SplitColumns(new Layout(left).Ratio(5), new Layout(right).Ratio(4));
}
