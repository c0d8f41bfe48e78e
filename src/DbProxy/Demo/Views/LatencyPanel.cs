using DbProxy.Demo.Counting;
using DbProxy.Demo.Workload;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>How fast it is, as the clients measure it.</summary>
internal static class LatencyPanel
{
    public const int Height = 8;

    private static readonly (string Name, Operation[] Operations)[] _rows = [
        ("point read", [Operation.PointRead]),
        ("read own write", [Operation.ReadOwnWrite]),
        ("insert, update", [Operation.Write]),
        ("transaction", [Operation.Transaction]),
        ("all", Enum.GetValues<Operation>()),
    ];

    public static Panel Create(History history)
    {
        var table = Frame.Columns(1, "last 10 s", "/s", "p50", "p95", "p99");
        foreach (var (name, operations) in _rows)
        {
            var rate = history.Rate(r => operations.Sum(r.Tally.Count));
            table.AddRow(name, $"{rate:#,0}", Time(0.5), Time(0.95), Time(0.99));
            string Time(double part) => Texts.Time(history.Now.Tally.Percentile(operations, part, history.Before.Tally));
        }

        var statements = history.Rate(r => r.Tally.Statements);
        return Frame.Around($"Latency · {statements:#,0} statements a second", table);
    }
}
