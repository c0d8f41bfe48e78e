using CsCheck;
using DbProxy.LoadBalancer.Balancing;
using Xunit;

namespace DbProxy.Tests.Balancing;

public sealed class SmoothWeightedRoundRobinTests
{
    private readonly SmoothWeightedRoundRobin _policy = new();

    [Fact]
    public void Heavy_servers_turns_are_spread_over_the_round() =>
        Assert.Equal("a a b a c a a a a b a c a a",
            FakeServer.Picks(_policy, 14, new FakeServer("a", 5), new FakeServer("b"), new FakeServer("c")));

    [Fact]
    public void Nobody_is_picked_where_nobody_takes_traffic()
    {
        Assert.Equal("-", FakeServer.Picks(_policy, 1));
        Assert.Equal("-", FakeServer.Picks(_policy, 1, new FakeServer("a", 0)));
        Assert.Equal("- -", FakeServer.Picks(_policy, 2, new FakeServer("a", 0), new FakeServer("b", -1)));
        Assert.Equal("b b", FakeServer.Picks(_policy, 2, new FakeServer("a", 0), new FakeServer("b")));
    }

    [Fact]
    public void A_changed_weight_counts_from_the_next_round_without_old_debts()
    {
        FakeServer a = new("a", 1000), b = new("b", 1);
        FakeServer.Picks(_policy, 700, a, b);
        a.Weight = 1;
        var picks = FakeServer.Picks(_policy, 20, a, b);
        Assert.InRange(picks.Count(c => c == 'a'), 9, 11);
    }

    [Fact]
    public void Any_round_gives_each_server_exactly_its_weight() =>
        Gen.Int[0, 20].Array[1, 6].Sample(weights =>
        {
            var policy = new SmoothWeightedRoundRobin();
            var servers = weights.Select((w, i) => new FakeServer(((char)('a' + i)).ToString(), w)).ToArray();
            for (var round = 0; round < 2; round++)
            {
                var counts = new int[weights.Length];
                for (var i = 0; i < weights.Sum(); i++)
                    counts[policy.Pick<FakeServer>(servers)]++;
                Assert.Equal(weights, counts);
            }
        });

    [Fact]
    public void Concurrent_picks_keep_the_shares()
    {
        FakeServer[] servers = [new("a", 3), new("b", 2), new("c", 1)];
        var counts = new int[3];
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 6_000; i++)
                Interlocked.Increment(ref counts[_policy.Pick<FakeServer>(servers)]);
        });
        Assert.Equal([24_000, 16_000, 8_000], counts);
    }

    [Fact]
    public void A_pick_allocates_nothing()
    {
        FakeServer[] servers = [new("a", 3), new("b", 2)];
        _policy.Pick<FakeServer>(servers);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            _policy.Pick<FakeServer>(servers);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
