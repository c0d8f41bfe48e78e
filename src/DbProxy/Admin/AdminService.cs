using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Reloading;
using DbProxy.Transport;

namespace DbProxy.Admin;

/// <summary>
/// The HTTP listener for operators: <c>/metrics</c> for Prometheus, <c>/healthz</c> (the process works), <c>/readyz</c>
/// (clients can be served), the runtime API and the statistics page.
/// </summary>
internal sealed class AdminService(ConfigStore config, ProxyServer? proxy, Balancer? balancer, ILoggerFactory loggers, ListenSockets? sockets = null)
{
    private AdminHost? _host;

    /// <summary>Where it listens; null: nowhere.</summary>
    public Uri? Address => _host?.Address;

    /// <summary>Starts to listen, where an address is configured.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken) => (await PrepareStartAsync(cancellationToken)).Commit();

    /// <summary>The part of <see cref="StartAsync"/> that can fail: requests are accepted when the change is made.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    public async Task<IPreparedChange> PrepareStartAsync(CancellationToken cancellationToken)
    {
        if (config.Current.Admin is not { Listen: not null } admin)
            return new ChangeSet();
        var host = _host = new(new(config, proxy, balancer), admin, loggers, sockets ?? new());
        await host.StartAsync(cancellationToken);
        return new PreparedChange(host.Accept, () => StopAsync(CancellationToken.None));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Another process that takes over has it stopped before all others.
        if (Interlocked.Exchange(ref _host, null) is { } host)
            await host.StopAsync(cancellationToken);
    }
}
