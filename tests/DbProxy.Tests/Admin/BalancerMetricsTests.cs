using System.Net;
using System.Text;
using DbProxy.Admin.Metrics;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Frontends;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Xunit;

namespace DbProxy.Tests.Admin;

public sealed class BalancerMetricsTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Fact]
    public async Task A_certificate_that_is_not_shown_any_more_does_not_go_on_expiring()
    {
        var frontend = new FrontendConfig { Name = "f", Backend = "b", Listen = [new(IPAddress.Loopback, 0)], Tls = new() };
        var config = new BalancerConfig { Frontends = [frontend], Backends = [new() { Name = "b", Servers = [] }] };
        await using var balancer = new Balancer(config, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        _ = new BalancerMetrics(balancer, _registry);
        const string Series = "dbproxy_frontend_certificate_expiry_timestamp_seconds{frontend=\"f\",subject=\"CN=dbproxy\"}";
        Assert.Contains(Series, await ExportAsync());
        await balancer.ApplyAsync(config with { Frontends = [frontend with { Tls = null }] });
        Assert.DoesNotContain(Series, await ExportAsync());
    }

    private async Task<string> ExportAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
