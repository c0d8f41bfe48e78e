using CsCheck;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using Xunit;

namespace DbProxy.Tests.Monitoring;

public sealed class PositionHistoryTests
{
    private readonly PositionHistory _history = new();

    [Fact]
    public void Nothing_is_known_without_positions()
    {
        Assert.Null(_history.Compare(Set(5)));
        _history.Record(GtidSet.Empty, Seconds(1), Seconds(1));
        Assert.Null(_history.Compare(Set(5)));
    }

    [Fact]
    public void The_age_of_the_oldest_missing_step_is_the_lag()
    {
        for (var second = 0; second <= 5; second++)
            _history.Record(Set(10 + second), Seconds(second), Seconds(second + 0.1));
        Assert.Equal(new PositionBounds(Seconds(5), null), _history.Compare(Set(15)));
        Assert.Equal(new PositionBounds(Seconds(2), Seconds(3.1)), _history.Compare(Set(12)));
        Assert.Equal(new PositionBounds(Seconds(0), Seconds(1.1)), _history.Compare(Set(10)));
        Assert.Equal(new PositionBounds(null, Seconds(1.1)), _history.Compare(Set(9)));
    }

    [Fact]
    public void An_idle_primary_stays_at_its_position()
    {
        _history.Record(Set(10), Seconds(0), Seconds(0));
        _history.Record(Set(11), Seconds(1), Seconds(1));
        _history.Record(Set(11), Seconds(60), Seconds(60));
        Assert.Equal(new PositionBounds(Seconds(60), null), _history.Compare(Set(11)));
        Assert.Equal(new PositionBounds(Seconds(0), Seconds(1)), _history.Compare(Set(10)));
    }

    [Fact]
    public void A_replica_that_never_got_some_old_transactions_is_judged_by_the_new_ones()
    {
        _history.Record(Set(10), Seconds(0), Seconds(0));
        _history.Record(Set(11), Seconds(1), Seconds(1));
        var partial = GtidSet.Parse($"{Readings.Uuid(1)}:5-11")!;
        Assert.Equal(new PositionBounds(Seconds(1), null), _history.Compare(partial));
    }

    [Fact]
    public void Thinned_history_still_holds_the_truth_between_its_bounds() =>
        Gen.Int[1, 2_000].Sample(applied =>
        {
            var history = new PositionHistory();
            for (var i = 1; i <= 2_000; i++)
                history.Record(Set(i), Seconds(i), Seconds(i));
            var bounds = history.Compare(Set(applied))!.Value;
            Assert.True(bounds.Complete is null || bounds.Complete <= Seconds(applied));
            Assert.Equal(applied == 2_000, bounds.Missing is null);
            Assert.True(bounds.Missing is null || bounds.Missing > Seconds(applied));
        }, iter: 20);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static GtidSet Set(int last) => GtidSet.Parse($"{Readings.Uuid(1)}:1-{last}")!;
}
