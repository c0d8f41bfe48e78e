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
        checker.Take(AgentProbe.Parse("drain 50% # over there"));
        Assert.Equal(("DRAIN", 50), (Server.Status.Name, Server.Weight));
        checker.Take(AgentProbe.Parse("ready 100%\r"));
        Assert.Equal(("UP", 100), (Server.Status.Name, Server.Weight));
        Server.SetAdmin(AdminState.Maint, "an operator");
        checker.Take(AgentProbe.Parse("ready"));
        Assert.Equal("MAINT", Server.Status.Name);
    }

    [Theory]
    [InlineData("up", true)]
    [InlineData("DOWN", false)]
    [InlineData("stopped,10%", false)]
    [InlineData("", false)]
    [InlineData("# only a remark", false)]
    [InlineData("101%", false)]
    [InlineData("hello", false)]
    public void Only_an_agent_s_words_are_understood(string line, bool good) => Assert.Equal(good, AgentProbe.Parse(line).IsGood);

    private ServerChecker Checker() => new(_backend, Server, new TcpProbe(_backend, _backend.Config.Check!), TimeProvider.System);
}
