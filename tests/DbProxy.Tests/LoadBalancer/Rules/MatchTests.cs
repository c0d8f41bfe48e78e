using System.Net;
using DbProxy.LoadBalancer.Rules;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.Rules;

public sealed class MatchTests
{
    [Fact]
    public void All_conditions_must_hold_and_one_value_of_each()
    {
        var match = new Match
        {
            Sources = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")],
            Hosts = ["*.example.org", "example.com"], PathPrefixes = ["/admin"], Methods = ["GET"],
            PathPattern = new("x$"), Headers = [new("X-Key", new("^secret$"))], CertificateSubject = new("CN=ops"),
        };
        var good = new Facts("10.1.2.3", "www.EXAMPLE.org", "GET", "/admin/x", "CN=ops", "secret");
        Assert.True(match.Holds(good));
        Assert.True(match.Holds(good with { Address = "::ffff:10.1.2.3", Host = "example.com" }));
        Assert.True(match.Holds(good with { Address = "2001:db8::1" }));
        Assert.All(
            [good with { Address = "11.1.2.3" }, good with { Host = "example.org" }, good with { Host = null }, good with { Method = "POST" },
                good with { Path = "/adm/x" }, good with { Path = "/admin/y" }, good with { CertificateSubject = null }, good with { Key = null },
                good with { Key = "secret2" }],
            facts => Assert.False(match.Holds(facts)));
    }

    [Fact]
    public void The_first_rule_that_matches_decides_and_is_counted()
    {
        var office = new AccessRule("office", AccessAction.Allow, new() { Sources = [IPNetwork.Parse("10.0.0.0/8")] });
        var rest = new AccessRule("rest", AccessAction.Deny, new());
        var facts = new Facts("10.1.2.3", null, null, null, null, null);
        Assert.Equal(office, AccessRule.Decide([office, rest], facts));
        Assert.Equal(rest, AccessRule.Decide([office, rest], facts with { Address = "192.0.2.1" }));
        Assert.Null(AccessRule.Decide([office], facts with { Address = "192.0.2.1" }));
        Assert.Equal((1, 1), (office.Hits, rest.Hits));
    }

    private sealed record Facts(string Address, string? Host, string? Method, string? Path, string? CertificateSubject, string? Key) : IRequestFacts
    {
        public IPAddress Source => IPAddress.Parse(Address);

        public string? Header(string name) => name == "X-Key" ? Key : null;
    }
}
