using System.Collections.Immutable;
using DbProxy.Demo.Workload;

namespace DbProxy.Demo.Counting;

/// <summary>What the workload's clients have seen up to a moment, all by their own eyes.</summary>
internal sealed record TallyCounts
{
    /// <summary>Reads by the @@server_id that stood in their results; place 0 is unused.</summary>
    public required ImmutableArray<long> Reads { get; init; }

    /// <summary>Writes by the @@server_id that was written into their rows; place 0 is unused.</summary>
    public required ImmutableArray<long> Writes { get; init; }

    /// <summary>Durations by <see cref="Operation"/> in the buckets of <see cref="LatencyScale"/>.</summary>
    public required ImmutableArray<ImmutableArray<long>> Latencies { get; init; }

    /// <summary>Statements answered, BEGIN and COMMIT among them.</summary>
    public long Statements { get; init; }

    /// <summary>Reads of the session's own last write.</summary>
    public long OwnReads { get; init; }

    /// <summary>Those that a replica answered.</summary>
    public long OwnReadsOnReplicas { get; init; }

    /// <summary>Those that missed the write. Must be 0.</summary>
    public long Stale { get; init; }

    /// <summary>Writes that a replica executed. Must be 0.</summary>
    public long Misplaced { get; init; }

    /// <summary>Requests that failed. Must be 0.</summary>
    public long Errors { get; init; }

    /// <summary>The last failure's message.</summary>
    public string LastError { get; init; } = "";

    /// <summary>Whether nothing went wrong and there was something that could have.</summary>
    public bool Passed => Stale == 0 && Misplaced == 0 && Errors == 0 && Reads.Sum() > 0 && Writes.Sum() > 0;

    /// <summary>How often an operation was done.</summary>
    public long Count(Operation operation) => Latencies[(int)operation].Sum();

    /// <summary>A percentile of an operation's durations since an earlier moment.</summary>
    public TimeSpan? Percentile(Operation operation, double part, TallyCounts? since = null) =>
        Percentile([operation], part, since);

    /// <summary>A percentile of several operations' durations together.</summary>
    public TimeSpan? Percentile(ReadOnlySpan<Operation> operations, double part, TallyCounts? since = null)
    {
        Span<long> counts = stackalloc long[LatencyScale.Buckets];
        foreach (var operation in operations)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] += Latencies[(int)operation][i] - (since?.Latencies[(int)operation][i] ?? 0);
            }
        }

        return LatencyScale.Percentile(counts, part);
    }
}
