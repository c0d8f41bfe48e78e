using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;

namespace DbProxy.Admin;

/// <summary>
/// The HTTP listener for operators: <c>/metrics</c> for Prometheus, <c>/healthz</c> (the process works), <c>/readyz</c>
/// (clients can be served), the runtime API and the statistics page.
/// </summary>
internal sealed class AdminService(ConfigStore config, ProxyServer? proxy, Balancer? balancer, ILoggerFactory loggers) : IHostedService
{
    private AdminHost? _host;

    /// <summary>Where it listens; null: nowhere.</summary>
    public Uri? Address => _host?.Address;

    /// <summary>Starts to listen, where an address is configured.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (config.Current.Admin is not { Listen: not null } admin)
            return;
        _host = new(new(config, proxy, balancer), admin, loggers);
        await _host.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is not null)
            await _host.StopAsync(cancellationToken);
    }
}
