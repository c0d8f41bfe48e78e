using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.LoadBalancer;
using DbProxy.Tests.Monitoring;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DbProxy.Tests.Routing;

/// <summary>Backends that have their servers from the topology, when operators change these.</summary>
public sealed class TopologyDirectorTests
{
    [Fact]
    public async Task Servers_that_operators_add_remove_and_readdress_are_so_in_the_backends()
    {
        var config = ProxyConfig.From(new()
        {
            Listen = ["127.0.0.1:0"],
            Servers = [new() { Name = "a", Address = "db:1" }, new() { Name = "b", Address = "db:2" }],
            Monitor = { User = "m", Password = "p" },
            Frontends = [new() { Name = "reads", Listen = ["127.0.0.1:0"], Backend = "replicas" }],
            Backends = [new() { Name = "replicas", FromTopology = TopologyServers.Replica }],
        });
        var topology = ServerList.NewTopology(config.Servers);
        var list = new ServerList(new(topology, () => Readings.Settings, TimeProvider.System, NullLogger.Instance), config.Servers);
        await using var balancer = new Balancer(config.FrontEnd, NullLoggerFactory.Instance);
        var director = new TopologyDirector(topology, new(config), balancer);
        list.Change(_ => [new("b", new("db", 7), 1), new("c", new("db", 3), 5), new("local", new() { UnixPath = "/run/db.sock" }, 1)]);
        director.Direct();
        Assert.Equal(["b db:7 1", "c db:3 5"], balancer.Backends["replicas"].Servers.Select(s => $"{s.Name} {s.Config.Host}:{s.Config.Port} {s.Config.Weight}"));
        Assert.All(balancer.Backends["replicas"].Servers, s => Assert.False(s.Status.IsUp));
    }
}
