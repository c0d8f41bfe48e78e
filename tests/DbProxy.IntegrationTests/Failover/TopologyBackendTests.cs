using System.Net;
using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Validation;
using DbProxy.Core.Routing;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>Plain tcp frontends that lead to servers by their roles, also when these change.</summary>
public abstract class TopologyBackendTests(FailoverCluster fixture) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await fixture.RestoreAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_tcp_frontend_follows_the_primary_and_so_do_role_ports()
    {
        var cluster = fixture.Cluster;
        var options = new ProxyOptions
        {
            Frontends =
            [
                new() { Name = "writes", Listen = ["127.0.0.1:0"], Backend = "primary" },
                new() { Name = "reads", Listen = ["127.0.0.1:0"], Backend = "replicas" },
            ],
            Backends =
            [
                new() { Name = "primary", FromTopology = TopologyServers.Primary, CloseWhenDown = true },
                new() { Name = "replicas", FromTopology = TopologyServers.Replica },
            ],
        };
        ProxyConfig? config = null;
        await using var proxy = await FailoverProxy.StartAsync(cluster, o =>
        {
            (o.Listen, o.Frontends, o.Backends) = (["primary@127.0.0.1:0"], options.Frontends, options.Backends);
            config = ConfigBuilder.Build(o).RequireConfig();
        });
        await using var balancer = new Balancer(config!.FrontEnd, NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        var director = new TopologyDirector(proxy.Topology, new ConfigStore(config), balancer);
        director.Direct();
        await balancer.StartAsync();
        var directing = Task.Run(() => director.RunAsync(stop.Token));
        async Task<long> AskAsync(int port)
        {
            await using var session = new MySqlConnection(
                new MySqlConnectionStringBuilder(proxy.ConnectionString) { Port = (uint)port, Pooling = false }.ConnectionString);
            await session.OpenAsync();
            return await session.ServerIdAsync();
        }

        int Port(int frontend) => balancer.Frontends[frontend].EndPoints.First().Port;
        async Task AssertLeadsAsync()
        {
            Assert.Equal((cluster.Primary.ServerId, cluster.Primary.ServerId), (await AskAsync(Port(0)), await AskAsync(proxy.Server.EndPoints[0].Port)));
            var reads = new HashSet<long> { await AskAsync(Port(1)), await AskAsync(Port(1)), await AskAsync(Port(1)), await AskAsync(Port(1)) };
            Assert.Equal(cluster.Replicas.Select(r => (long)r.ServerId).Order(), reads.Order());
        }

        await AssertLeadsAsync();
        await using var old = new MySqlConnection(new MySqlConnectionStringBuilder(proxy.ConnectionString) { Port = (uint)Port(0), Pooling = false }.ConnectionString);
        await old.OpenAsync();
        await cluster.PromoteAsync(cluster.Servers[1]);
        await proxy.UntilAsync(
            () => proxy.IsPrimary(cluster.Servers[1]) && proxy.Topology.Current.Fresh.Length == 2 && balancer.Backends["primary"].Servers[1].Status.IsUp
                && balancer.Backends["replicas"].Servers.Count(s => s.Status.IsUp) == 2,
            "everybody knows the new primary");
        await AssertLeadsAsync();
        await Assert.ThrowsAsync<MySqlException>(() => old.ServerIdAsync());
        await stop.CancelAsync();
        await directing;
    }
}

[Collection(MySqlFailover.Name)]
public sealed class MySqlTopologyBackendTests(MySqlFailoverCluster cluster) : TopologyBackendTests(cluster);

[Collection(MariaDbFailover.Name)]
public sealed class MariaDbTopologyBackendTests(MariaDbFailoverCluster cluster) : TopologyBackendTests(cluster);
