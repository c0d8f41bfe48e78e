using DbProxy.LoadBalancer.Balancing;
using Xunit;

namespace DbProxy.Tests.Balancing;

public sealed class BalancingPoliciesTests
{
    [Fact]
    public void Each_name_gives_the_policy_of_that_name()
    {
        Assert.Equal(["first", "leastconn", "p2c", "random", "roundrobin", "source"], BalancingPolicies.Names);
        foreach (var name in BalancingPolicies.Names)
            Assert.Equal(name, BalancingPolicies.Create(name.ToUpperInvariant()).Name);
        Assert.NotNull(BalancingPolicies.Find(BalancingPolicies.Default));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        Assert.Null(BalancingPolicies.Find("fastest"));
        var error = Assert.Throws<ArgumentException>(() => BalancingPolicies.Create("fastest"));
        Assert.Contains("leastconn, p2c, random", error.Message);
    }
}
