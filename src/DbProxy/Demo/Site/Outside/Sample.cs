namespace DbProxy.Demo.Site.Outside;

/// <summary>One request and what came of it. Times are since the client's start.</summary>
internal sealed record Sample(RequestKind Kind, TimeSpan Start, TimeSpan End)
{
    /// <summary>Why it failed; null: it did not.</summary>
    public string? Failure { get; init; }

    public bool Succeeded => Failure is null;

    public TimeSpan Elapsed => End - Start;

    /// <summary>Who took part in the answer, by header (X-Front-End and so on).</summary>
    public IReadOnlyDictionary<string, string> By { get; init; } = new Dictionary<string, string>();

    /// <summary>The order that was placed; 0: none.</summary>
    public long Placed { get; init; }

    /// <summary>The newest order that a list of orders showed.</summary>
    public long Newest { get; init; }
}
