using DbProxy.Core.Monitoring;
using Xunit;
using static DbProxy.Tests.Monitoring.Readings;

namespace DbProxy.Tests.Monitoring;

public sealed class ServerEvaluatorTests
{
    private readonly Group _group = new Group(2).Sees(Writable(1)).Sees(ReplicaOf(1, 2));

    [Theory]
    [InlineData(nameof(ProbeFailureKind.Refused), 1)]
    [InlineData(nameof(ProbeFailureKind.TimedOut), 2)]
    [InlineData(nameof(ProbeFailureKind.Lost), 2)]
    [InlineData(nameof(ProbeFailureKind.Error), 2)]
    public void Goes_down_after_so_many_failures(string name, int failures)
    {
        var kind = Enum.Parse<ProbeFailureKind>(name);
        for (var i = 1; i < failures; i++)
            Assert.Equal(ServerHealth.Up, _group.Fails(2, kind, i).Model(2).Health);
        Assert.True(_group.Model(2).InRotation);
        Assert.Equal(ServerHealth.Down, _group.Fails(2, kind, failures).Model(2).Health);
        Assert.Empty(_group.Current.Replicas);
        Assert.Contains(name, _group.Model(2).Reason);
    }

    [Fact]
    public void Comes_back_after_two_successes_in_a_row()
    {
        _group.Fails(2, ProbeFailureKind.Refused);
        Assert.Equal(ServerHealth.Down, _group.Sees(ReplicaOf(1, 2)).Model(2).Health);
        _group.Fails(2, ProbeFailureKind.TimedOut);
        Assert.Equal(ServerHealth.Down, _group.Sees(ReplicaOf(1, 2)).Model(2).Health);
        Assert.Equal(ServerHealth.Up, _group.Sees(ReplicaOf(1, 2)).Model(2).Health);
        Assert.Equal([_group[2]], _group.Current.Fresh.AsEnumerable());
    }

    [Fact]
    public void A_monitor_that_is_not_let_in_keeps_the_state_until_it_expires()
    {
        for (var second = 1; second <= 60; second++)
            _group.Fails(1, ProbeFailureKind.Inconclusive, second);
        Assert.Same(_group[1], _group.Current.Primary);
        _group.Fails(1, ProbeFailureKind.Inconclusive, 61);
        Assert.Null(_group.Current.Primary);
        Assert.Equal(ServerHealth.Unknown, _group.Model(1).Health);
    }

    [Fact]
    public void A_replica_that_is_not_looked_at_counts_as_lagging_since()
    {
        _group.Sees(ReplicaOf(1, 2, at: 0, lag: 4_000)).Fails(2, ProbeFailureKind.Inconclusive, 6);
        Assert.Equal(10_000, _group.Model(2).LagMilliseconds);
        Assert.True(_group.Model(2).InRotation);
        _group.Fails(2, ProbeFailureKind.Inconclusive, 6.1);
        Assert.False(_group.Model(2).InRotation);
        Assert.Equal([_group[2]], _group.Current.Replicas.AsEnumerable());
    }

    [Fact]
    public void Leaves_above_the_limit_and_returns_below_four_fifths_of_it()
    {
        Assert.True(Lag(10_000));
        Assert.False(Lag(10_001));
        Assert.False(Lag(9_000));
        Assert.False(Lag(8_000));
        Assert.True(Lag(7_999));
        Assert.True(Lag(9_999));

        bool Lag(double milliseconds) => _group.Sees(ReplicaOf(1, 2, lag: milliseconds)).Model(2).InRotation;
    }

    [Fact]
    public void Without_a_limit_any_lag_will_do_even_an_unknown_one()
    {
        var group = new Group(2, Settings with { MaxLag = Timeout.InfiniteTimeSpan });
        group.Sees(Writable(1)).Sees(ReplicaOf(1, 2, lag: null));
        Assert.True(group.Model(2).InRotation);
    }

    [Fact]
    public void An_unknown_lag_is_too_much()
    {
        _group.Sees(ReplicaOf(1, 2, lag: null));
        Assert.False(_group.Model(2).InRotation);
        Assert.Contains("unknown", _group.Model(2).Reason);
    }

    [Fact]
    public void A_stopped_applier_leaves_at_once_and_says_why()
    {
        var stopped = Channel(1) with { ApplierRunning = false, Error = "1062 Duplicate entry" };
        _group.Sees(ReplicaOf(1, 2) with { Channels = [stopped] });
        Assert.False(_group.Model(2).InRotation);
        Assert.False(_group.Model(2).ReplicationRunning);
        Assert.Contains("stopped: 1062 Duplicate entry", _group.Model(2).Reason);
        Assert.True(_group.Sees(ReplicaOf(1, 2)).Model(2).InRotation);
    }

    [Fact]
    public void A_replica_cut_off_from_its_source_serves_until_the_limit_has_passed()
    {
        var cutOff = Channel(1) with { ReceiverConnected = false };
        ProbeReading At(double second) => ReplicaOf(1, 2, second) with { Channels = [cutOff] };
        Assert.True(_group.Sees(At(10)).Model(2).InRotation);
        Assert.Equal(10_000, _group.Model(2).LagMilliseconds);
        Assert.False(_group.Sees(At(10.25)).Model(2).InRotation);
        Assert.Contains("not connected to its source db1:3306", _group.Model(2).Reason);
        Assert.True(_group.Sees(ReplicaOf(1, 2, at: 11)).Model(2).InRotation);
    }

    [Fact]
    public void The_primary_is_never_checked_for_lag()
    {
        var group = new Group(2).Sees(ReplicaOf(9, 1, lag: 1e9) with { ReadOnly = false }).Sees(ReplicaOf(1, 2));
        Assert.Same(group[1], group.Current.Primary);
        Assert.Null(group.Model(1).LagMilliseconds);
    }

    [Fact]
    public void An_unchanged_group_publishes_nothing()
    {
        var version = _group.Current.Version;
        _group.Sees(Writable(1, at: 5)).Sees(ReplicaOf(1, 2, at: 5, lag: 3));
        Assert.Equal(version, _group.Current.Version);
        Assert.Equal(3, _group.Model(2).LagMilliseconds);
    }
}
