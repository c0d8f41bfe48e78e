using System.Net;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static DbProxy.IntegrationTests.LoadBalancer.EchoClient;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>An agent beside a server's tcp check.</summary>
public sealed class AgentCheckTests
{
    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task An_agent_takes_its_server_out_and_gives_it_back_while_the_check_stays_good()
    {
        using EchoServer a = new("a"), b = new("b");
        using var agent = new Agent();
        await using var balancer = await StartAsync(a, b, agent);
        var server = balancer.Backends["b"].Servers[0];
        foreach (var (line, state, names) in new[]
        {
            ("up", "UP", "ab"), ("down # disk full", "DOWN", "b"), ("up", "UP", "ab"), ("drain", "DRAIN", "b"), ("maint", "MAINT", "b"), ("ready", "UP", "ab"),
            ("0%", "UP", "b"), ("100%", "UP", "ab"),
        })
        {
            await agent.SayAsync(server, line);
            Assert.Equal((state, true), (server.Status.Name, server.Status.IsHealthy));
            Assert.Equal(names, string.Concat((await AskAsync(balancer, 4)).Distinct().Order()));
        }
        Assert.True(server.LastCheck!.IsGood);
        Assert.Equal("agent: 100%", server.LastAgentCheck!.Detail);
    }

    [Fact]
    public async Task Its_limit_makes_clients_wait_and_a_greater_one_lets_them_in()
    {
        using EchoServer a = new("a"), b = new("b");
        using var agent = new Agent();
        await using var balancer = await StartAsync(a, b, agent);
        balancer.Backends["b"].Servers[1].SetAdmin(AdminState.Maint, "alone");
        await agent.SayAsync(balancer.Backends["b"].Servers[0], "up maxconn:1");
        using var first = await EchoClient.ConnectAsync(At(balancer));
        var second = EchoClient.ConnectAsync(At(balancer));
        await Eventually.IsTrueAsync(() => balancer.Backends["b"].Queued == 1, () => "the second client waits");
        await agent.SayAsync(balancer.Backends["b"].Servers[0], "up maxconn:2");
        using var served = await second;
        Assert.Equal("a", served.Server);
    }

    [Fact]
    public async Task Without_its_agent_a_server_goes_on_by_its_check()
    {
        using EchoServer a = new("a"), b = new("b");
        var agent = new Agent();
        await using var balancer = await StartAsync(a, b, agent);
        var server = balancer.Backends["b"].Servers[0];
        agent.Dispose();
        await Eventually.IsTrueAsync(() => server.LastAgentCheck is { IsGood: false }, () => "the agent is not reached");
        Assert.Equal("UP", server.Status.Name);
        a.Dispose();
        await Eventually.IsTrueAsync(() => server.Status.Name == "DOWN", () => server.Status.ToString());
    }

    private static async Task<Balancer> StartAsync(EchoServer a, EchoServer b, Agent agent)
    {
        var backend = new BackendConfig
        {
            Name = "b",
            Servers = [new() { Name = "a", Host = "127.0.0.1", Port = a.Port }, new() { Name = "b", Host = "127.0.0.1", Port = b.Port }],
            Check = new() { Interval = _often, FastInterval = _often, Timeout = TimeSpan.FromSeconds(5) },
            Agent = new() { Host = "127.0.0.1", Port = agent.Port, Send = "{server}\n", Interval = _often, Timeout = TimeSpan.FromSeconds(5) },
        };
        var balancer = new Balancer(new() { Frontends = [new() { Name = "f", Backend = "b", Listen = [new(IPAddress.Loopback, 0)] }], Backends = [backend] }, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        return balancer;
    }
}
