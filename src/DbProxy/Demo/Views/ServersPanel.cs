using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>Which server answered what, by the @@server_id in the clients' results, and how it is.</summary>
internal static class ServersPanel
{
    /// <summary>Lines beside one for each server: borders and titles.</summary>
    public const int ExtraHeight = 3;

    private const int BarWidth = 14;

    public static Panel Create(History history)
    {
        var table = Frame.Columns(
            3, "server", "role", "state", "lag", "reads/s", "writes/s", "reads", "writes", "share of reads", "pid");
        var reads = history.Now.Servers.Select(s => history.Rate(r => r.Tally.Reads[(int)s.Id])).ToList();
        foreach (var (server, rate) in history.Now.Servers.Zip(reads))
        {
            var writes = history.Rate(r => r.Tally.Writes[(int)server.Id]);
            table.AddRow(
                $"[bold]{server.Name}[/] [grey]:{server.Port}[/]",
                server.Role == "primary" ? "[yellow]primary[/]" : $"[aqua]{server.Role}[/]",
                server.InUse ? $"[green]{server.State}[/]" : $"[red bold]{server.State}[/]",
                server.Lag,
                $"{rate:#,0}",
                $"{writes:#,0}",
                $"{history.Now.Tally.Reads[(int)server.Id]:#,0}",
                $"{history.Now.Tally.Writes[(int)server.Id]:#,0}",
                Bar(rate / Math.Max(1, reads.Sum())),
                $"[grey]{server.ProcessId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "gone"}[/]");
        }

        return Frame.Around("Who answered, by the @@server_id in the results", table);
    }

    private static string Bar(double share)
    {
        var full = (int)Math.Round(share * BarWidth);
        return $"[aqua]{new string('■', full)}[/][grey]{new string('·', BarWidth - full)}[/] {share * 100,3:0} %";
    }
}
