using System.Diagnostics;
using CsCheck;
using DbProxy.Core.Accounting;
using Xunit;

namespace DbProxy.Tests.Accounting;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Each_duration_is_counted_below_its_bound_and_above_the_one_before() =>
        Gen.OneOf(Gen.Long[0, 60 * Stopwatch.Frequency], Gen.Int[0, LatencyHistogram.Buckets - 1].SelectMany(Near)).Sample(ticks =>
        {
            var histogram = new LatencyHistogram();
            histogram.Record(ticks);
            int bucket = Enumerable.Range(0, LatencyHistogram.Buckets + 1).Single(i => histogram.Bucket(i).Count == 1);
            double seconds = (double)ticks / Stopwatch.Frequency;
            Assert.True(bucket == LatencyHistogram.Buckets || seconds <= LatencyHistogram.Bounds[bucket], $"{seconds} in {bucket}");
            Assert.True(bucket == 0 || seconds > LatencyHistogram.Bounds[bucket - 1], $"{seconds} in {bucket}");
            Assert.Equal(seconds, histogram.Bucket(bucket).Seconds);
        });

    [Fact]
    public void Sums_add_bucket_by_bucket() => Gen.Long[0, Stopwatch.Frequency].Array[0, 20].Sample(all =>
    {
        var one = new LatencyHistogram();
        var other = new LatencyHistogram();
        var whole = new LatencyHistogram();
        for (int i = 0; i < all.Length; i++)
        {
            (i % 2 == 0 ? one : other).Record(all[i]);
            whole.Record(all[i]);
        }

        one.Add(other);
        for (int i = 0; i <= LatencyHistogram.Buckets; i++)
        {
            Assert.Equal(whole.Bucket(i), one.Bucket(i));
        }
    });

    private static Gen<long> Near(int bucket)
    {
        long bound = (long)(LatencyHistogram.Bounds[bucket] * Stopwatch.Frequency);
        return Gen.Long[bound - 2, bound + 2];
    }
}
