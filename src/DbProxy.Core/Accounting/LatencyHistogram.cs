using System.Diagnostics;

namespace DbProxy.Core.Accounting;

/// <summary>
/// Durations in buckets that double from 50 µs to 26 s, with the sum of each bucket, so that a scrape can hand exact
/// counts and sums on. One writer, any number of readers.
/// </summary>
internal sealed class LatencyHistogram
{
    public const int Buckets = 20;
    private const double FirstSeconds = 50e-6;
    private static readonly long FirstTicks = (long)(FirstSeconds * Stopwatch.Frequency);

    private readonly long[] _counts = new long[Buckets + 1];
    private readonly long[] _ticks = new long[Buckets + 1];

    /// <summary>Upper bounds in seconds.</summary>
    public static double[] Bounds { get; } = [.. Enumerable.Range(0, Buckets).Select(i => FirstSeconds * (1 << i))];

    public void Record(long ticks)
    {
        int bucket = ticks <= FirstTicks ? 0 : Math.Min(Buckets, 1 + System.Numerics.BitOperations.Log2((ulong)((ticks - 1) / FirstTicks)));
        _counts[bucket]++;
        _ticks[bucket] += ticks;
    }

    /// <summary>Observations in a bucket (the last one holds what is above all bounds) and their sum in seconds.</summary>
    public (long Count, double Seconds) Bucket(int index) =>
        (Volatile.Read(ref _counts[index]), (double)Volatile.Read(ref _ticks[index]) / Stopwatch.Frequency);

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
            _ticks[i] += other._ticks[i];
        }
    }
}
