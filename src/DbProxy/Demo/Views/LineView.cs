using DbProxy.Demo.Counting;
using DbProxy.Demo.Workload;

namespace DbProxy.Demo.Views;

/// <summary>One line a second, for pipes and files.</summary>
internal sealed class LineView : IDemoView
{
    private readonly TextWriter _output;
    private readonly RecentEvents _events;
    private long _shown;

    public LineView(TextWriter output, DemoFacts facts, RecentEvents events)
    {
        (_output, _events) = (output, events);
        output.WriteLine($"Connection string: {facts.ConnectionString}");
        output.WriteLine($"Command line:      {facts.CommandLine}");
        output.WriteLine($"Statistics:        {facts.Statistics}");
        output.WriteLine($"Metrics:           {facts.Metrics}");
    }

    public void Show(History history)
    {
        var (events, count) = _events.Since(_shown);
        _shown = count;
        foreach (var line in events.Where(e => e.Level >= LogLevel.Warning))
        {
            _output.WriteLine($"! {line.Text}");
        }

        var now = history.Now;
        var tally = now.Tally;
        var servers = string.Join(" | ", now.Servers.Select(s => Server(s, history)));
        var all = Enum.GetValues<Operation>();
        _output.WriteLine(
            $"{now.Elapsed.TotalSeconds,4:0} s {history.Rate(r => r.Tally.Statements),6:0} q/s | {servers} | " +
            $"p50 {Texts.Time(tally.Percentile(all, 0.5, history.Before.Tally))} " +
            $"p95 {Texts.Time(tally.Percentile(all, 0.95, history.Before.Tally))} " +
            $"p99 {Texts.Time(tally.Percentile(all, 0.99, history.Before.Tally))} | " +
            $"stale {tally.Stale}/{tally.OwnReads} errors {tally.Errors} pins {now.Pins.Sum(p => p.Count)}");
    }

    public void Dispose()
    {
    }

    private static string Server(ServerReading server, History history)
    {
        var reads = history.Rate(r => r.Tally.Reads[(int)server.Id]);
        var writes = history.Rate(r => r.Tally.Writes[(int)server.Id]);
        var lag = server.Lag == "-" ? "" : $" lag {server.Lag}";
        return $"{server.Name} {server.Role} {server.State}{lag} {reads:0} r/s {writes:0} w/s";
    }
}
