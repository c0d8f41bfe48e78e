using System.Net;
using DbProxy.LoadBalancer.Balancing;
using Xunit;

namespace DbProxy.Tests.Balancing;

/// <summary>Each policy by the distribution that it produces.</summary>
public sealed class DistributionTests
{
    private const int Picks = 20_000;

    [Theory]
    [InlineData("random")]
    [InlineData("p2c")]
    public void Random_policies_follow_the_weights(string policy)
    {
        var counts = Count(policy, [new("a", 3), new("b", 1), new("c", 0)]);
        Assert.InRange(counts["a"], 0.72 * Picks, 0.78 * Picks);
        Assert.Equal(0, counts["c"]);
    }

    [Fact]
    public void P2c_with_connections_that_last_is_nearly_even()
    {
        var servers = Enumerable.Range(0, 10).Select(i => new FakeServer($"s{i}")).ToArray();
        var policy = new PowerOfTwoChoices();
        for (var i = 0; i < 10_000; i++)
            servers[policy.Pick<FakeServer>(servers)].ActiveConnections++;
        // The known bound is log log n beyond the mean; random alone would be off by about a hundred here.
        Assert.All(servers, s => Assert.InRange(s.ActiveConnections, 990, 1010));
    }

    [Fact]
    public void First_takes_the_first_that_is_offered()
    {
        Assert.Equal("a a a", FakeServer.Picks(new FirstAvailable(), 3, new("a"), new("b")));
        Assert.Equal("b b", FakeServer.Picks(new FirstAvailable(), 2, new("a", 0), new("b")));
        Assert.Equal("-", FakeServer.Picks(new FirstAvailable(), 1, new FakeServer("a", 0)));
    }

    [Fact]
    public void Source_keeps_a_client_and_shares_clients_by_weight()
    {
        var policy = new SourceHash();
        var servers = new FakeServer[] { new("a", 2), new("b"), new("c") };
        var counts = Keys().CountBy(k => servers[policy.Pick<FakeServer>(servers, k)].Name).ToDictionary();
        Assert.InRange(counts["a"], 0.47 * Picks, 0.53 * Picks);
        Assert.InRange(counts["b"], 0.22 * Picks, 0.28 * Picks);
        Assert.All(Keys().Take(100), k => Assert.Equal(policy.Pick<FakeServer>(servers, k), policy.Pick<FakeServer>(servers, k)));
    }

    [Fact]
    public void Source_moves_only_the_clients_of_a_server_that_goes_or_comes()
    {
        var policy = new SourceHash();
        var all = new FakeServer[] { new("a"), new("b"), new("c"), new("d") };
        var without = all.Where(s => s.Name != "b").ToArray();
        var moved = 0;
        foreach (var key in Keys())
        {
            var (before, after) = (all[policy.Pick<FakeServer>(all, key)].Name, without[policy.Pick<FakeServer>(without, key)].Name);
            if (before == "b")
                moved++;
            else
                Assert.Equal(before, after);
        }
        Assert.InRange(moved, 0.22 * Picks, 0.28 * Picks);
    }

    [Fact]
    public void Source_bounds_what_one_busy_client_brings_to_its_server()
    {
        var policy = new SourceHash();
        var servers = new FakeServer[] { new("a"), new("b"), new("c") };
        for (var i = 0; i < 300; i++)
            servers[policy.Pick<FakeServer>(servers, 4711)].ActiveConnections++;
        Assert.All(servers, s => Assert.InRange(s.ActiveConnections, 0, (int)Math.Ceiling(SourceHash.Bound * 300 / 3)));
    }

    [Fact]
    public void Hashes_are_the_same_in_every_process_and_for_an_address_that_came_through_ipv6()
    {
        Assert.Equal(1950038314u, StableHash.Of("web1"));
        Assert.Equal(StableHash.Of(IPAddress.Parse("192.0.2.7")), StableHash.Of(IPAddress.Parse("::ffff:192.0.2.7")));
        Assert.NotEqual(StableHash.Of(IPAddress.Parse("192.0.2.7")), StableHash.Of(IPAddress.Parse("192.0.2.8")));
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("leastconn")]
    [InlineData("source")]
    [InlineData("p2c")]
    [InlineData("random")]
    [InlineData("first")]
    public void Servers_that_come_and_go_and_weights_that_change_leave_no_policy_stuck(string name)
    {
        var policy = BalancingPolicies.Create(name);
        var random = new Random(7);
        var all = Enumerable.Range(0, 8).Select(i => new FakeServer($"s{i}")).ToArray();
        for (var i = 0; i < 5_000; i++)
        {
            all[random.Next(8)].Weight = random.Next(4);
            var some = all.Where(_ => random.Next(3) > 0).ToArray();
            var pick = policy.Pick<FakeServer>(some, (uint)random.Next());
            if (some.All(s => s.Weight == 0))
                Assert.Equal(-1, pick);
            else
                Assert.True(some[pick].Weight > 0);
        }
    }

    private static IEnumerable<uint> Keys() => Enumerable.Range(0, Picks).Select(i => StableHash.Of(new IPAddress(BitConverter.GetBytes(i * 2654435761u)[..4])));

    private static Dictionary<string, int> Count(string policy, FakeServer[] servers)
    {
        var chosen = BalancingPolicies.Create(policy);
        var counts = servers.ToDictionary(s => s.Name, _ => 0);
        for (var i = 0; i < Picks; i++)
            counts[servers[chosen.Pick<FakeServer>(servers)].Name]++;
        return counts;
    }
}
