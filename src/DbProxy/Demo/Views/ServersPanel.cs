using System.Globalization;
using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>Which server answered what, by the @@server_id in the clients' results, and how it is.</summary>
internal static class ServersPanel
{
    private const string Title = "Who answered, by the @@server_id in the results";
    // Wide enough to compare, and narrow enough for every other column beside it in a line of 100.
    private const int BarWidth = 10;

    private static readonly string[] _titles =
        ["server", "role", "state", "lag", "reads/s", "writes/s", "reads", "writes", "share of reads", "pid"];

    private static readonly int _shortCount = Array.IndexOf(_titles, "writes") + 1;

    /// <summary>One line for each server, two borders and the columns' titles.</summary>
    public static int Height(History history) => history.Now.Servers.Length + 3;

    public static Panel Create(History history) => Create(history, _titles.Length);

    /// <summary>Without the last columns.</summary>
    public static Panel CreateShort(History history) => Create(history, _shortCount);

    private static Panel Create(History history, int columns)
    {
        var table = Frame.Columns(3, _titles.AsSpan(0, columns));
        var reads = history.Now.Servers.Select(s => history.Rate(r => r.Tally.Reads[(int)s.Id])).ToList();
        foreach (var (server, rate) in history.Now.Servers.Zip(reads))
        {
            table.AddRow(Cells(server, history, rate, reads.Sum())[..columns]);
        }

        return Frame.Around(Title, table);
    }

    private static string[] Cells(ServerReading server, History history, double reads, double allReads) => [
        $"[bold]{server.Name}[/] [grey]:{server.Port}[/]",
        server.Role == "primary" ? "[olive]primary[/]" : $"[teal]{server.Role}[/]",
        server.InUse ? $"[green]{server.State}[/]" : $"[red bold]{server.State}[/]",
        server.Lag,
        $"{reads:#,0}",
        $"{history.Rate(r => r.Tally.Writes[(int)server.Id]):#,0}",
        $"{history.Now.Tally.Reads[(int)server.Id]:#,0}",
        $"{history.Now.Tally.Writes[(int)server.Id]:#,0}",
        Bar(reads / Math.Max(1, allReads)),
        $"[grey]{server.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "gone"}[/]",
    ];

    private static string Bar(double share)
    {
        var full = (int)Math.Round(share * BarWidth);
        return $"[teal]{new string('■', full)}[/][grey]{new string('·', BarWidth - full)}[/] {share * 100,3:0} %";
    }
}
