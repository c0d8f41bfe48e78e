using CsCheck;
using DbProxy.LoadBalancer.Balancing;
using Xunit;

namespace DbProxy.Tests.Balancing;

public sealed class LeastConnectionsTests
{
    private readonly LeastConnections _policy = new();

    [Fact]
    public void Idle_servers_take_turns_by_weight()
    {
        Assert.Equal("a b c a b c", FakeServer.Picks(_policy, 6, new("a"), new("b"), new("c")));
        Assert.Equal("a b a a b a", FakeServer.Picks(_policy, 6, new("a", 2), new("b")));
    }

    [Fact]
    public void The_least_busy_for_its_weight_is_picked()
    {
        FakeServer a = new("a", 4) { ActiveConnections = 7 }, b = new("b") { ActiveConnections = 2 };
        Assert.Equal("a a", FakeServer.Picks(_policy, 2, a, b));
        a.ActiveConnections = 9;
        Assert.Equal("b b", FakeServer.Picks(_policy, 2, a, b));
        b.Weight = 0;
        Assert.Equal("a", FakeServer.Picks(_policy, 1, a, b));
        Assert.Equal("-", FakeServer.Picks(_policy, 1));
    }

    [Fact]
    public void Connections_that_stay_spread_in_proportion_to_the_weights()
    {
        FakeServer[] servers = [new("a", 5), new("b", 3), new("c", 2)];
        for (var i = 0; i < 1_000; i++)
            servers[_policy.Pick<FakeServer>(servers)].ActiveConnections++;
        Assert.Equal([500, 300, 200], servers.Select(s => s.ActiveConnections));
    }

    [Fact]
    public void Nobody_idler_is_passed_over() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 50]).Array[1, 8].Sample(servers =>
        {
            var all = servers.Select(s => new FakeServer("x", s.Item1) { ActiveConnections = s.Item2 }).ToArray();
            var picked = _policy.Pick<FakeServer>(all);
            var able = all.Where(s => s.Weight > 0).ToArray();
            Assert.Equal(able.Length == 0, picked < 0);
            if (picked >= 0)
                Assert.Equal(able.Min(Load), Load(all[picked]), 9);
            static double Load(FakeServer s) => (double)s.ActiveConnections / s.Weight;
        });
}
