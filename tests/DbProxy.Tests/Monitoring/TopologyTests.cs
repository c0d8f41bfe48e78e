using DbProxy.Core.Monitoring;
using Xunit;
using static DbProxy.Tests.Monitoring.Readings;

namespace DbProxy.Tests.Monitoring;

public sealed class TopologyTests
{
    [Fact]
    public async Task A_change_wakes_everyone_who_waits_and_no_other_does()
    {
        var group = new Group(2).Sees(Writable(1));
        var first = group.Topology.WaitForChangeAsync(default);
        var second = group.Topology.WaitForChangeAsync(default);
        Assert.False(first.IsCompleted);
        group.Sees(ReplicaOf(1, 2));
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(10));
        var next = group.Topology.WaitForChangeAsync(default);
        group.Sees(ReplicaOf(1, 2));
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        var waiting = new Group(1).Topology.WaitForChangeAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Applied_everywhere_includes_servers_that_are_down()
    {
        var token = Positions.Token(9);
        var group = new Group(3).Sees(Writable(1)).Sees(ReplicaOf(1, 2, gtids: Positions.Set(9)))
            .Sees(ReplicaOf(1, 3, gtids: Positions.Set(8)));
        group.Fails(3, ProbeFailureKind.Refused);
        Assert.False(group.Topology.HasAppliedEverywhere(token));
        Assert.True(group.Topology.HasAppliedEverywhere(Positions.Token(8)));
        group[3].LearnApplied(token);
        Assert.True(group.Topology.HasAppliedEverywhere(token));
    }

    [Fact]
    public void No_two_servers_have_the_same_index() =>
        Assert.Throws<ArgumentException>(() => new Topology([new ServerState(1, "db1", "db1", 3306), new ServerState(1, "db2", "db2", 3306)]));
}
