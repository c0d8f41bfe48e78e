using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.HealthChecks;

public sealed class ServerCheckerTests : IDisposable
{
    private readonly Backend _backend = new(
        new() { Name = "b", Check = new() { Rise = 2, Fall = 3 }, Servers = [new() { Name = "a", Host = "h", Port = 1 }] }, new FakeTimeProvider());

    private Server Server => _backend.Servers[0];

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void A_server_goes_down_after_fall_failures_and_up_after_rise_successes()
    {
        var checker = Checker();
        checker.Take(new(false, "refused"));
        checker.Take(new(false, "refused"));
        checker.Take(new(true, "ok"));
        checker.Take(new(false, "refused"));
        checker.Take(new(false, "refused"));
        Assert.True(Server.Status.IsUp);
        checker.Take(new(false, "refused"));
        Assert.Equal(("DOWN", "refused (3 checks failed)"), (Server.Status.Name, Server.Status.Reason));
        checker.Take(new(true, "ok"));
        checker.Take(new(false, "refused"));
        checker.Take(new(true, "ok"));
        Assert.False(Server.Status.IsUp);
        checker.Take(new(true, "ok"));
        Assert.Equal(("UP", "ok"), (Server.Status.Name, Server.Status.Reason));
        Assert.Equal((5, 1), (Server.Counters.CheckFailures, Server.Counters.WentDown));
    }

    [Fact]
    public void An_agent_drains_and_weighs_but_does_not_take_back_an_operator_s_order()
    {
        var checker = Checker();
        checker.Take(AgentProbe.Parse("drain 50% maxconn:7 # over there"));
        Assert.Equal(("DRAIN", 50, 7), (Server.Status.Name, Server.Weight, Server.Limit));
        checker.Take(AgentProbe.Parse("up 100% maxconn:0\r"));
        Assert.Equal(("DRAIN", 100, 0), (Server.Status.Name, Server.Weight, Server.Limit));
        checker.Take(AgentProbe.Parse("ready"));
        Assert.Equal("UP", Server.Status.Name);
        checker.Take(AgentProbe.Parse("drain"));
        Server.SetAdmin(AdminState.Maint, "an operator");
        foreach (var line in new[] { "ready", "drain", "ready" })
        {
            checker.Take(AgentProbe.Parse(line));
            Assert.Equal("MAINT", Server.Status.Name);
        }
    }

    [Fact]
    public void A_server_is_up_when_its_check_and_its_agent_say_so()
    {
        var (check, agent) = (Checker(), Agent());
        agent.Take(AgentProbe.Parse("down # disk full"));
        Assert.Equal(("DOWN", "agent: down # disk full", true), (Server.Status.Name, Server.Status.Reason, Server.Status.IsHealthy));
        check.Take(new(true, "ok"));
        check.Take(new(true, "ok"));
        Assert.Equal("DOWN", Server.Status.Name);
        for (var i = 0; i < 3; i++)
            check.Take(new(false, "refused"));
        agent.Take(AgentProbe.Parse("up"));
        Assert.Equal(("DOWN", "refused (3 checks failed)"), (Server.Status.Name, Server.Status.Reason));
        check.Take(new(true, "ok"));
        check.Take(new(true, "ok"));
        Assert.Equal(("UP", 1), (Server.Status.Name, Server.Counters.WentDown));
    }

    [Fact]
    public void An_agent_that_says_nothing_of_it_leaves_a_server_as_it_was()
    {
        var agent = Agent();
        foreach (var line in new[] { "", "hello", "50%" })
        {
            agent.Take(AgentProbe.Parse(line));
            Assert.Equal("UP", Server.Status.Name);
        }
        agent.Take(AgentProbe.Parse("stopped"));
        agent.Take(new(false, "Connection refused"));
        agent.Take(AgentProbe.Parse("ready 100%"));
        Assert.Equal("DOWN", Server.Status.Name);
    }

    [Fact]
    public void Of_what_check_and_agent_ask_for_the_stricter_counts()
    {
        var (check, agent) = (Checker(), Agent());
        agent.Take(AgentProbe.Parse("drain"));
        check.Take(new(true, "status 200", AdminState.Ready));
        Assert.Equal("DRAIN", Server.Status.Name);
        agent.Take(AgentProbe.Parse("ready"));
        Assert.Equal("UP", Server.Status.Name);
    }

    [Fact]
    public void An_agent_that_is_not_asked_any_more_is_forgotten()
    {
        var agent = Agent();
        agent.Take(AgentProbe.Parse("down, maint, 10%, maxconn:1"));
        _backend.Apply(_backend.Config with { Agent = null });
        Assert.Equal(("UP", 100, 0), (Server.Status.Name, Server.Weight, Server.Limit));
    }

    [Theory]
    [InlineData("up", true)]
    [InlineData("DOWN", false)]
    [InlineData("stopped,10%", false)]
    [InlineData("", false)]
    [InlineData("# only a remark", false)]
    [InlineData("maxconn:12", true)]
    [InlineData("maxconn:-1", false)]
    [InlineData("101%", false)]
    [InlineData("hello", false)]
    public void Only_an_agent_s_words_are_understood(string line, bool good) => Assert.Equal(good, AgentProbe.Parse(line).IsGood);

    private ServerChecker Checker() => new(_backend, Server, _backend.Config.Check!, new TcpProbe(_backend, _backend.Config.Check!), TimeProvider.System);

    private AgentChecker Agent() => new(_backend, Server, new() { Port = 2 }, new AgentProbe(new() { Port = 2 }), TimeProvider.System);
}
