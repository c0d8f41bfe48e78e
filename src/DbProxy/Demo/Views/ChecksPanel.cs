using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>What must not happen, and what the proxy does to prevent it.</summary>
internal static class ChecksPanel
{
    public static Panel Create(History history)
    {
        var (now, tally) = (history.Now, history.Now.Tally);
        var table = Frame.Columns(1, "", "").HideHeaders();
        table.AddRow("stale reads of own writes", $"{Frame.MustBeZero(tally.Stale)} of {tally.OwnReads:#,0}");
        table.AddRow("  answered by replicas", Texts.Share(tally.OwnReadsOnReplicas, tally.OwnReads));
        table.AddRow("writes on a replica", Frame.MustBeZero(tally.Misplaced));
        table.AddRow("errors", Frame.MustBeZero(tally.Errors));
        table.AddRow("sessions / server connections", $"{now.Sessions} / {now.ServerConnections}");
        table.AddRow("pins " + Names(now), $"{now.Pins.Sum(p => p.Count):#,0}");
        return Frame.Around("Checks", table);
    }

    private static string Names(DemoReading now) =>
        now.Pins.Length == 0 ? "" : $"[grey]{string.Join(", ", now.Pins.Select(p => p.Meaning)).EscapeMarkup()}[/]";
}
