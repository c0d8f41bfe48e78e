using DbProxy.Core.Monitoring;
using DbProxy.LoadBalancer.Servers;
using Xunit;
using static DbProxy.Tests.Monitoring.Readings;

namespace DbProxy.Tests.Monitoring;

/// <summary>What an operator's order makes of roles and rotation.</summary>
public sealed class OrderTests
{
    [Theory]
    [InlineData(AdminState.Drain)]
    [InlineData(AdminState.Maint)]
    public void A_replica_taken_out_gets_no_reads_not_even_as_the_last_resort(AdminState state)
    {
        var group = Three().Orders(2, state);
        Assert.Equal([group[3]], group.Current.Fresh.AsEnumerable());
        Assert.Equal([group[3]], group.Current.Replicas.AsEnumerable());
        Assert.Equal(ServerRole.Replica, group.Model(2).Role);
        Assert.StartsWith($"{state.ToString().ToLowerInvariant()} (why not): replica, ", group.Model(2).Reason, StringComparison.Ordinal);
        group.Sees(ReplicaOf(1, 2));
        Assert.False(group.Model(2).InRotation);
        group.Orders(2, AdminState.Ready);
        Assert.Equal([group[2], group[3]], group.Current.Fresh.AsEnumerable());
        Assert.StartsWith("replica, ", group.Model(2).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AdminState.Drain)]
    [InlineData(AdminState.Maint)]
    public void Without_its_primary_a_group_has_none_and_gets_it_back_at_once(AdminState state)
    {
        var group = Three().Orders(1, state).Sees(Writable(1)).Sees(ReplicaOf(1, 2)).Sees(ReplicaOf(1, 3));
        Assert.Null(group.Current.Primary);
        Assert.Equal(ServerRole.Primary, group.Model(1).Role);
        Assert.Equal([group[2], group[3]], group.Current.Fresh.AsEnumerable());
        group.Orders(1, AdminState.Ready);
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void A_replica_promoted_meanwhile_takes_over_and_the_former_primary_stays_out()
    {
        var group = Three().Orders(1, AdminState.Drain);
        group.Sees(Writable(2)).Sees(Writable(2));
        Assert.Same(group[2], group.Current.Primary);
        Assert.Empty(group.Current.Warning);
        group.Orders(1, AdminState.Ready);
        Assert.Same(group[2], group.Current.Primary);
        Assert.Equal(ServerRole.Unknown, group.Model(1).Role);
    }

    [Fact]
    public void A_writable_replica_of_a_primary_taken_out_does_not_take_over()
    {
        var group = Three().Orders(1, AdminState.Maint);
        for (var i = 0; i < 3; i++)
            group.Sees(ReplicaOf(1, 2) with { ReadOnly = false });
        Assert.Null(group.Current.Primary);
    }

    [Fact]
    public void From_drain_to_maintenance_is_a_change_that_others_hear_of()
    {
        var group = Three().Orders(2, AdminState.Drain);
        var version = group.Current.Version;
        group.Orders(2, AdminState.Maint);
        Assert.NotEqual(version, group.Current.Version);
        Assert.Equal([group[2]], group.Current.Cut.AsEnumerable());
    }

    [Fact]
    public void That_a_drained_server_goes_down_is_a_change_that_others_hear_of()
    {
        var group = Three().Orders(2, AdminState.Drain);
        var version = group.Current.Version;
        group.Fails(2, ProbeFailureKind.Refused);
        Assert.NotEqual(version, group.Current.Version);
        Assert.Equal([group[2]], group.Current.Cut.AsEnumerable());
    }

    private static Group Three() => new Group(3).Sees(Writable(1)).Sees(ReplicaOf(1, 2)).Sees(ReplicaOf(1, 3));
}
