using DbProxy.Core;
using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.Hosting;

/// <summary>Runs the proxy inside the host: stopping the host drains it.</summary>
internal sealed class ProxyService(ProxyServer proxy) : ListeningService
{
    public override Task StopAsync(CancellationToken cancellationToken) => proxy.DrainAsync(cancellationToken);

    protected override Task<IPreparedChange> PrepareStartAsync(CancellationToken cancellationToken) => proxy.PrepareStartAsync(cancellationToken);
}
