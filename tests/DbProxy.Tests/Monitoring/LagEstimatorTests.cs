using CsCheck;
using DbProxy.Core.Monitoring;
using Xunit;

namespace DbProxy.Tests.Monitoring;

public sealed class LagEstimatorTests
{
    private static readonly TimeSpan _now = TimeSpan.FromSeconds(100);

    [Theory]
    [InlineData(null, null, null, null)]       // nobody knows
    [InlineData(30d, null, null, 30d)]           // no history: the replica's own word
    [InlineData(30d, 99.8d, null, 30d)]           // finer than the bounds
    [InlineData(0d, 99.8d, null, 0d)]
    [InlineData(900d, 99.8d, null, 200d)]         // a skewed clock: it has all there was 200 ms ago
    [InlineData(0d, 95.0d, 95.3d, 4700d)]         // it doesn't know what it has not received
    [InlineData(4800d, 95.0d, 95.3d, 4800d)]
    [InlineData(9000d, 95.0d, 95.3d, 5000d)]
    [InlineData(9000d, null, 95.3d, 9000d)]     // behind since before this proxy started
    [InlineData(null, 95.0d, 95.3d, 5000d)]      // no own word: at most
    [InlineData(null, null, 95.3d, 4700d)]
    [InlineData(0d, 99.0d, 101.0d, 0d)]            // the primary was asked after the replica
    public void Own_reckoning_within_the_bounds_of_the_history(
        double? own, double? complete, double? missing, double? expected)
    {
        PositionBounds? bounds = complete is null && missing is null ? null : new(At(complete), At(missing));
        var lag = LagEstimator.Estimate(own, bounds, _now, _now);
        Assert.Equal(expected is null, lag is null);
        Assert.Equal(expected ?? 0, lag ?? 0, 3);
    }

    [Fact]
    public void Never_negative() =>
        Gen.Select(Gen.Double[0, 1e6], Gen.Double[0, 200], Gen.Double[0, 200]).Sample((own, complete, missing) =>
            Assert.True(LagEstimator.Estimate(own, new(At(complete), At(missing)), _now, _now) >= 0));

    private static TimeSpan? At(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;
}
