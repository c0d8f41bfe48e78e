using DbProxy.Demo.Counting;
using DbProxy.Demo.Workload;

namespace DbProxy.Demo.Views;

/// <summary>What the demo came to, in plain lines.</summary>
internal static class Summary
{
    private static readonly (string Name, Operation Operation)[] _operations = [
        ("point reads", Operation.PointRead),
        ("reads of own writes", Operation.ReadOwnWrite),
        ("inserts and updates", Operation.Write),
        ("transactions", Operation.Transaction),
        ("beneath a named lock", Operation.NamedLock),
    ];

    public static IEnumerable<string> Lines(DemoFacts facts, History history)
    {
        var now = history.Now;
        var tally = now.Tally;
        yield return $"{facts.Product}, 1 primary and {facts.Replicas} replicas, {facts.Clients} clients, {now.Elapsed.TotalSeconds:0.0} s";
        yield return $"{tally.Statements:#,0} statements, {history.MeanRate(r => r.Tally.Statements):#,0} a second, {tally.Errors:#,0} errors";
        yield return "Who answered, by @@server_id:";
        foreach (var server in now.Servers)
        {
            yield return $"  {server.Name}  {server.Role,-7}  127.0.0.1:{server.Port,-5}  {tally.Reads[(int)server.Id],9:#,0} reads  {tally.Writes[(int)server.Id],9:#,0} writes";
        }

        yield return "Latency at the client (p50, p95, p99):";
        foreach (var (name, operation) in _operations)
        {
            yield return $"  {name,-20}  {tally.Count(operation),9:#,0}  {Time(0.5),9}  {Time(0.95),9}  {Time(0.99),9}";
            string Time(double part) => Texts.Time(tally.Percentile(operation, part));
        }

        yield return $"Stale reads: {tally.Stale} of {tally.OwnReads:#,0} reads of own writes; replicas answered {Texts.Share(tally.OwnReadsOnReplicas, tally.OwnReads)} of them";
        yield return $"Writes on a replica: {tally.Misplaced}";
        yield return "Routes: " + Reasons(now.Routes);
        yield return "Pins: " + Reasons(now.Pins);
        if (tally.Errors > 0)
        {
            yield return $"Last error: {tally.LastError}";
        }

        yield return tally.Passed ? "Result: passed" : "Result: FAILED";
    }

    private static string Reasons(IReadOnlyList<ReasonCount> reasons) =>
        reasons.Count == 0 ? "none" : string.Join(", ", reasons.Select(r => $"{r.Reason} {r.Count:#,0}"));
}
