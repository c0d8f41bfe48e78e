using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.Hosting;

/// <summary>Runs the front end inside the host: stopping the host drains it.</summary>
internal sealed class BalancerService(Balancer balancer, ConfigStore config) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await balancer.StartAsync();
        config.Attach(PrepareAsync);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(config.Current.Limits.DrainTimeout);
        await balancer.DrainAsync(limit.Token);
    }

    private async Task<IPreparedChange> PrepareAsync(ProxyConfig next)
    {
        try
        {
            return await balancer.PrepareAsync(next.FrontEnd);
        }
        catch (BalancerException e)
        {
            throw new ConfigException([new("", nameof(ProxyOptions.Frontends), e.Message)]);
        }
    }
}
