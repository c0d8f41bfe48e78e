using DbProxy.Core.Monitoring;
using Xunit;
using static DbProxy.Tests.Monitoring.Readings;

namespace DbProxy.Tests.Monitoring;

public sealed class RoleElectionTests
{
    [Fact]
    public void One_primary_and_its_replicas()
    {
        var group = new Group(3).Sees(ReplicaOf(1, 2)).Sees(Writable(1)).Sees(ReplicaOf(1, 3));
        Assert.Same(group[1], group.Current.Primary);
        Assert.Equal([group[2], group[3]], group.Current.Replicas.AsEnumerable());
        Assert.Equal([group[2], group[3]], group.Current.Fresh.AsEnumerable());
        Assert.Null(group.Model(1).LagMilliseconds);
        Assert.Empty(group.Current.Warning);
    }

    [Fact]
    public void A_lone_writable_server_is_the_primary() =>
        Assert.NotNull(new Group(1).Sees(Writable(1)).Current.Primary);

    [Fact]
    public void A_lone_read_only_server_is_nothing()
    {
        var group = new Group(1).Sees(Writable(1) with { ReadOnly = true });
        Assert.Null(group.Current.Primary);
        Assert.Equal(ServerRole.Unknown, group.Model(1).Role);
        Assert.Contains("replicates from nowhere", group.Model(1).Reason);
    }

    [Fact]
    public void A_server_that_was_added_and_never_reached_takes_nothing_from_the_primary()
    {
        var follower = ReplicaOf(9, 1) with { ReadOnly = false };
        var group = new Group(1).Sees(follower);
        Assert.Same(group[1], group.Current.Primary);
        group.Topology.Update(before => before with { Servers = [.. before.Servers, new ServerState(1, "db2", "db2", 3306)] });
        group.Sees(follower).Fails(2, ProbeFailureKind.TimedOut);
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void The_first_election_waits_until_every_server_had_its_say()
    {
        var group = new Group(3).Sees(Writable(2));
        Assert.Null(group.Current.Primary);
        group.Sees(ReplicaOf(1, 3)).Sees(Writable(1));
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void A_server_that_refuses_had_its_say_too()
    {
        var group = new Group(2).Sees(Writable(1)).Fails(2, ProbeFailureKind.Refused);
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void Of_two_writable_servers_the_one_with_followers_is_it_and_the_other_gets_nothing()
    {
        var group = new Group(3).Sees(Writable(1)).Sees(ReplicaOf(2, 3)).Sees(Writable(2));
        Assert.Same(group[2], group.Current.Primary);
        Assert.Equal(ServerRole.Unknown, group.Model(1).Role);
        Assert.Contains("db1", group.Current.Warning);
        Assert.Equal([group[3]], group.Current.Replicas.AsEnumerable());
    }

    [Fact]
    public void A_split_brain_keeps_the_primary_there_was()
    {
        var group = new Group(3).Sees(Writable(1)).Sees(ReplicaOf(1, 2)).Sees(ReplicaOf(1, 3));
        for (var i = 0; i < 3; i++)
            group.Sees(Writable(2)).Sees(ReplicaOf(2, 3));
        Assert.Same(group[1], group.Current.Primary);
        Assert.Contains("several servers are writable", group.Current.Warning);
    }

    [Fact]
    public void A_promotion_takes_two_probes_and_a_demotion_one()
    {
        var group = new Group(2).Sees(Writable(1)).Sees(ReplicaOf(1, 2));
        group.Sees(Writable(1) with { ReadOnly = true });
        Assert.Null(group.Current.Primary);
        group.Sees(Writable(2));
        Assert.Null(group.Current.Primary);
        group.Sees(Writable(2));
        Assert.Same(group[2], group.Current.Primary);
        group.Sees(ReplicaOf(2, 1));
        Assert.Equal([group[1]], group.Current.Fresh.AsEnumerable());
    }

    [Fact]
    public void The_old_primary_that_comes_back_writable_stays_out()
    {
        var group = new Group(2).Sees(Writable(1)).Sees(ReplicaOf(1, 2)).Fails(1, ProbeFailureKind.Refused);
        Assert.Null(group.Current.Primary);
        Assert.Equal(ServerRole.Primary, group.Model(1).Role);
        group.Sees(Writable(2)).Sees(Writable(2));
        Assert.Same(group[2], group.Current.Primary);
        Assert.Equal(ServerRole.Unknown, group.Model(1).Role);
        group.Sees(Writable(1)).Sees(Writable(1)).Sees(Writable(1));
        Assert.Same(group[2], group.Current.Primary);
        Assert.False(group.Model(1).InRotation);
    }

    [Fact]
    public void The_primary_that_only_restarted_is_it_again_at_once()
    {
        var group = new Group(2).Sees(Writable(1)).Sees(ReplicaOf(1, 2)).Fails(1, ProbeFailureKind.Refused);
        group.Sees(Writable(1));
        Assert.Null(group.Current.Primary);
        group.Sees(Writable(1));
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void A_writable_replica_does_not_inherit_when_its_source_dies()
    {
        var careless = ReplicaOf(1, 2) with { ReadOnly = false };
        var group = new Group(2).Sees(Writable(1)).Sees(careless);
        Assert.Same(group[1], group.Current.Primary);
        Assert.Equal(ServerRole.Replica, group.Model(2).Role);
        group.Fails(1, ProbeFailureKind.Refused);
        for (var i = 0; i < 5; i++)
            group.Sees(careless);
        Assert.Null(group.Current.Primary);
    }

    [Fact]
    public void A_writable_replica_does_not_become_primary_while_a_server_was_never_seen()
    {
        var group = new Group(2).Fails(1, ProbeFailureKind.Refused).Sees(ReplicaOf(9, 2) with { ReadOnly = false });
        Assert.Null(group.Current.Primary);
    }

    [Fact]
    public void In_a_ring_of_two_the_writable_one_is_the_primary()
    {
        var active = ReplicaOf(2, 1) with { ReadOnly = false };
        var group = new Group(2).Sees(active).Sees(ReplicaOf(1, 2));
        Assert.Same(group[1], group.Current.Primary);
        group.Fails(2, ProbeFailureKind.Refused).Sees(active);
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void A_primary_that_follows_a_server_outside_the_group_is_the_primary_all_the_same()
    {
        var group = new Group(2).Sees(ReplicaOf(9, 1) with { ReadOnly = false }).Sees(ReplicaOf(1, 2));
        Assert.Same(group[1], group.Current.Primary);
    }

    [Fact]
    public void Without_the_privilege_read_only_decides()
    {
        var blind = Writable(2) with { ReadOnly = true, ChannelsKnown = false, Caveat = "GRANT it" };
        var group = new Group(2).Sees(Writable(1)).Sees(blind);
        Assert.Equal([group[2]], group.Current.Replicas.AsEnumerable());
        Assert.Contains("GRANT it", group.Model(2).Reason);
        Assert.Empty(group.Current.Fresh);
    }
}
