using DbProxy.Admin.Access;
using DbProxy.Core.Accounting;
using Prometheus;

namespace DbProxy.Admin.Metrics;

/// <summary><c>/metrics</c>, for Prometheus.</summary>
internal static class MetricsPage
{
    public static void Map(WebApplication application, AdminContext context)
    {
        CollectorRegistry registry = Prometheus.Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        if (context.Proxy is { } proxy)
            _ = new MetricsPublisher(proxy, registry);
        if (context.Balancer is { } balancer)
            _ = new BalancerMetrics(balancer, registry);
        application.MapMetrics("/metrics", registry).WithMetadata(OpenToAll.Mark);
    }
}
