namespace DbProxy.Demo.Site.Outside;

/// <summary>What a client outside saw, summed up.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="LongestGap">The longest time in which no request succeeded.</param>
/// <param name="LongestRead">The longest wait of a request that reads.</param>
/// <param name="LongestWrite">The longest wait of an order.</param>
/// <param name="MostStale">How old the oldest order was that a list should have shown and did not.</param>
internal sealed record Traffic(
    IReadOnlyList<Sample> Requests, IReadOnlyList<Sample> Failed, TimeSpan LongestGap, TimeSpan LongestRead, TimeSpan LongestWrite, TimeSpan MostStale)
{
    public static Traffic Of(IReadOnlyList<Sample> samples) => new(
        samples,
        [.. samples.Where(s => !s.Succeeded)],
        Gap(samples),
        Longest(samples.Where(s => s.Kind != RequestKind.Order)),
        Longest(samples.Where(s => s.Kind == RequestKind.Order)),
        Staleness(samples));

    /// <summary>How many answers each server of a kind took part in.</summary>
    public static IReadOnlyDictionary<string, int> CountBy(IEnumerable<Sample> samples, string header) => samples
        .Where(s => s.By.ContainsKey(header))
        .GroupBy(s => ServedBy.NameOf(header, s.By[header]))
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Count());

    public IEnumerable<string> Lines()
    {
        yield return $"  requests      {Requests.Count}, {Failed.Count} failed";
        yield return $"  longest gap   {Milliseconds(LongestGap)} without an answer; longest wait: reads {Milliseconds(LongestRead)}, orders {Milliseconds(LongestWrite)}";
        yield return $"  stalest read  {Milliseconds(MostStale)}";
        foreach (var (header, label) in ServedBy.Headers)
            yield return $"  {label,-12}  {string.Join(", ", CountBy(Requests, header).Select(c => $"{c.Key} {c.Value}"))}";
    }

    public static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:0} ms";

    private static TimeSpan Gap(IEnumerable<Sample> samples)
    {
        var ends = samples.Where(s => s.Succeeded).Select(s => s.End).Order().ToArray();
        return ends.Length < 2 ? TimeSpan.Zero : ends.Zip(ends.Skip(1), (a, b) => b - a).Max();
    }

    private static TimeSpan Longest(IEnumerable<Sample> samples) => samples.Select(s => s.Elapsed).DefaultIfEmpty().Max();

    private static TimeSpan Staleness(IReadOnlyList<Sample> samples)
    {
        var orders = samples.Where(s => s.Placed > 0).OrderBy(s => s.End).ToArray();
        return samples.Where(s => s.Succeeded && s.Kind == RequestKind.Orders)
            .Select(list => orders.FirstOrDefault(o => o.End < list.Start && o.Placed > list.Newest) is { } missed ? list.Start - missed.End : TimeSpan.Zero)
            .DefaultIfEmpty().Max();
    }
}
