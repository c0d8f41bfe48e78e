using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;

namespace DbProxy.Hosting;

/// <summary>Runs the front end inside the host: stopping the host drains it.</summary>
internal sealed class BalancerService(Balancer balancer, ConfigStore config) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => balancer.StartAsync();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(config.Current.Limits.DrainTimeout);
        await balancer.DrainAsync(limit.Token);
    }
}
