using DbProxy.Demo.Site.Outside;

namespace DbProxy.Demo.Site.Breaking;

/// <summary>What a client outside noticed of a scenario.</summary>
internal sealed class BreakReport(Scenario scenario, ScenarioRun run, IReadOnlyList<Sample> samples)
{
    private const int ReasonsShown = 5;

    private string? Header => ServedBy.HeaderOf(scenario.Tier);

    public Traffic Traffic { get; } = Traffic.Of(samples);

    /// <summary>Failures that nothing excuses.</summary>
    public IReadOnlyList<Sample> Unexpected => [.. Traffic.Failed.Where(f => !IsExcused(f))];

    /// <summary>How long after the break its target still answered; null: it did not, or answers don't name it.</summary>
    public TimeSpan? LastAnswer => Header is { } header && run.Target is { } target
        ? samples.Where(s => s.Start > run.Breaks[^1].End && (run.Mended is not { } mended || s.Start < mended))
            .Where(s => s.By.TryGetValue(header, out var by) && ServedBy.NameOf(header, by) == target)
            .Select(s => (TimeSpan?)(s.Start - run.Breaks[^1].End)).Max()
        : null;

    /// <summary>What was worse than expected.</summary>
    public IEnumerable<string> Complaints()
    {
        var expected = scenario.Expected;
        if (Unexpected.Count > 0)
            yield return $"{Unexpected.Count} requests failed that should not have";
        foreach (var (what, was, limit) in Limits(expected))
        {
            if (was > limit)
                yield return $"{what} was {Traffic.Milliseconds(was)}, more than {Traffic.Milliseconds(limit)}";
        }
    }

    public IEnumerable<string> Lines()
    {
        yield return $"{scenario.Name}: {scenario.Summary}";
        foreach (var line in Traffic.Lines())
            yield return line;
        if (Traffic.Failed.Count > 0)
            yield return $"  of the failed  {Traffic.Failed.Count - Unexpected.Count} were under way at the break, or orders while there was no primary";
        foreach (var reason in Traffic.Failed.GroupBy(f => f.Failure).OrderBy(g => IsExcused(g.First())).ThenByDescending(g => g.Count()).Take(ReasonsShown))
            yield return $"    {reason.Count()} × {reason.First().Kind} at {reason.First().End.TotalSeconds:0.0} s: {reason.Key}";
        foreach (var line in TakeOver())
            yield return line;
        string[] complaints = [.. Complaints()];
        yield return complaints.Length == 0 ? "Result: as expected" : $"Result: NOT as expected: {string.Join("; ", complaints)}";
    }

    private IEnumerable<(string What, TimeSpan Was, TimeSpan Limit)> Limits(Expectation expected)
    {
        yield return ("the longest time without an answer", Traffic.LongestGap, expected.LongestGap);
        yield return ("the longest wait of a read", Traffic.LongestRead, expected.LongestWait);
        yield return ("the longest wait of an order", Traffic.LongestWrite, expected.LongestWait);
        yield return ("the stalest read", Traffic.MostStale, Expectation.StalestRead);
        if (expected.LeavesWithin is { } leaves)
            yield return ($"the last answer of {run.Target}", LastAnswer ?? TimeSpan.Zero, leaves);
    }

    private bool IsExcused(Sample failed) => run.Breaks.Any(b =>
        (scenario.Expected.InFlightMayFail && b.Touches(failed))
        || (failed.Kind == RequestKind.Order && new Break(b.Start, b.End + scenario.Expected.OrdersMayFailFor).Touches(failed) && scenario.Expected.OrdersMayFailFor > TimeSpan.Zero));

    private IEnumerable<string> TakeOver()
    {
        if (run.Target is not { } target)
            yield break;
        yield return $"  left           {string.Join(", ", run.Left.Where(l => l != target))}";
        if (Header is not { } header)
            yield break;
        var (start, end) = (run.Breaks[^1].End, run.Mended ?? TimeSpan.MaxValue);
        yield return $"  before         {Counts(samples.Where(s => s.End < run.Breaks[^1].Start), header)}";
        yield return $"  while broken   {Counts(samples.Where(s => s.Start > start && s.Start < end), header)}";
        if (LastAnswer is { } last)
            yield return $"  last answer    of {target} {Traffic.Milliseconds(last)} after the break";
    }

    private static string Counts(IEnumerable<Sample> of, string header) =>
        string.Join(", ", Traffic.CountBy(of, header).Select(c => $"{c.Key} {c.Value}"));
}
