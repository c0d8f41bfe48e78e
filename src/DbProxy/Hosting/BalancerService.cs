using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.Core.Routing;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.Hosting;

/// <summary>Runs the front end inside the host: stopping the host drains it.</summary>
internal sealed class BalancerService(Balancer balancer, ConfigStore config, ProxyServer? proxy = null) : ListeningService
{
    private readonly TopologyDirector? _director = proxy is null ? null : new(proxy.Topology, config, balancer);
    private readonly CancellationTokenSource _stopping = new();
    private Task _directing = Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(config.Current.Limits.DrainTimeout);
        await balancer.DrainAsync(limit.Token);
        await _stopping.CancelAsync();
        await _directing;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _stopping.Dispose();
    }

    protected override async Task<IPreparedChange> PrepareStartAsync(CancellationToken cancellationToken)
    {
        _director?.Direct();
        var start = new ChangeSet();
        start.Add(await balancer.PrepareStartAsync());
        start.Add(new PreparedChange(() =>
        {
            if (_director is not null) _directing = Task.Run(() => _director.RunAsync(_stopping.Token), CancellationToken.None);
            config.Attach(PrepareAsync);
        }));
        return start;
    }

    private async Task<IPreparedChange> PrepareAsync(ProxyConfig next)
    {
        try
        {
            var change = new ChangeSet();
            change.Add(await balancer.PrepareAsync(next.FrontEnd));
            change.Add(new PreparedChange(() => _director?.Direct()));
            return change;
        }
        catch (BalancerException e)
        {
            throw new ConfigException([new("", nameof(ProxyOptions.Frontends), e.Message)]);
        }
    }
}
