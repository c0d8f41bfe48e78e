using System.Diagnostics;

namespace DbProxy.Demo.Counting;

/// <summary>Durations in buckets that grow by 9 % each, fine enough for a percentile on a screen: 10 µs to over a minute.</summary>
internal static class LatencyScale
{
    /// <summary>How many buckets there are.</summary>
    public const int Buckets = 200;

    private const double FirstMicroseconds = 10;
    private const double PerDoubling = 8;

    /// <summary>The bucket of a duration in <see cref="Stopwatch"/> ticks.</summary>
    public static int BucketOf(long ticks)
    {
        var microseconds = ticks * 1e6 / Stopwatch.Frequency;
        return microseconds <= FirstMicroseconds
            ? 0
            : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log2(microseconds / FirstMicroseconds) * PerDoubling));
    }

    /// <summary>The upper end of the bucket that holds this part (0 to 1) of all durations; null when there are none.</summary>
    public static TimeSpan? Percentile(ReadOnlySpan<long> counts, double part)
    {
        long total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        var rank = (long)Math.Ceiling(total * part);
        for (int i = 0; i < counts.Length; i++)
        {
            rank -= counts[i];
            if (rank <= 0 && total > 0)
            {
                return TimeSpan.FromMicroseconds(FirstMicroseconds * Math.Pow(2, i / PerDoubling));
            }
        }

        return null;
    }
}
