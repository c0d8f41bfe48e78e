using DbProxy.Core;

namespace DbProxy.Hosting;

/// <summary>Runs the proxy inside the host: stopping the host drains it.</summary>
internal sealed class ProxyService(ProxyServer proxy) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => proxy.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => proxy.DrainAsync(cancellationToken);
}
