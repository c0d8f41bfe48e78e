using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.Transport;

namespace DbProxy.Hosting;

/// <summary>
/// Stopped before all others: <c>/readyz</c> says so at once, and clients are served as before until load balancers in front
/// had the time to notice, but asked to come on another connection next time.
/// </summary>
internal sealed partial class RotationService(ConfigStore store, Balancer balancer, ListenSockets sockets, ILogger<RotationService> logger, ProxyServer? proxy = null) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Who asks after readiness is asking the other process by now.
        if (sockets.IsHandedOver) return;
        balancer.LeaveRotation();
        proxy?.LeaveRotation();
        var delay = store.Current.Limits.ReadinessDelay;
        if (store.Current.Admin.Listen is null || delay == TimeSpan.Zero) return;
        LogLeaving(delay);
        await Task.Delay(delay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1012, LogLevel.Information, "Not ready any more; clients are accepted for {Delay} yet")]
    private partial void LogLeaving(TimeSpan delay);
}
