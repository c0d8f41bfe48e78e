namespace DbProxy.Demo.Site.Breaking;

/// <summary>What users may notice of a scenario at most.</summary>
internal sealed record Expectation
{
    /// <summary>Routing.MaxLag of config/proxy/proxy.json and two of its probe intervals.</summary>
    public static readonly TimeSpan StalestRead = TimeSpan.FromSeconds(2) + 2 * TimeSpan.FromMilliseconds(250);

    /// <summary>Whether requests that were under way at the break may fail.</summary>
    public bool InFlightMayFail { get; init; }

    /// <summary>How long after the break orders may fail.</summary>
    public TimeSpan OrdersMayFailFor { get; init; }

    /// <summary>Without any answer.</summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>For one request, failed or not.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long after the break the broken server may still answer; null: any time.</summary>
    public TimeSpan? LeavesWithin { get; init; }
}
