using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.Transport;

namespace DbProxy.Admin;

/// <summary>
/// The HTTP listener for operators: <c>/metrics</c> for Prometheus, <c>/healthz</c> (the process works), <c>/readyz</c>
/// (clients can be served), the runtime API and the statistics page.
/// </summary>
internal sealed class AdminService(ConfigStore config, ProxyServer? proxy, Balancer? balancer, ILoggerFactory loggers, ListenSockets? sockets = null) : IHostedService
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
        _host = new(new(config, proxy, balancer), admin, loggers, sockets ?? new());
        await _host.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Another process that takes over has it stopped before all others.
        if (Interlocked.Exchange(ref _host, null) is { } host)
            await host.StopAsync(cancellationToken);
    }
}
