using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>Why statements went where they went, in the proxy's words.</summary>
internal static class RoutesPanel
{
    public static Panel Create(History history)
    {
        var table = Frame.Columns(1, "decision", "/s", "total");
        foreach (var route in history.Now.Routes)
        {
            var rate = history.Rate(r => r.Routes.FirstOrDefault(x => x.Reason == route.Reason)?.Count ?? 0);
            table.AddRow(route.Meaning.EscapeMarkup(), $"{rate:#,0}", $"{route.Count:#,0}");
        }

        return Frame.Around("Why it went there", table);
    }
}
