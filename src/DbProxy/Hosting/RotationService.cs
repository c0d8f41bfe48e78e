using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.Transport;

namespace DbProxy.Hosting;

/// <summary>
/// Stopped before all others: <c>/readyz</c> says so at once, and clients are served as before until load balancers in front
/// had the time to notice, but asked to come on another connection next time. Then, where an address moves, nobody new for a while.
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
        var limits = store.Current.Limits;
        if (store.Current.Admin.Listen is not null && limits.ReadinessDelay > TimeSpan.Zero)
        {
            LogLeaving(limits.ReadinessDelay);
            await Task.Delay(limits.ReadinessDelay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (limits.SilentDelay == TimeSpan.Zero) return;
        LogSilent(limits.SilentDelay);
        sockets.Silence();
        await Task.Delay(limits.SilentDelay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1012, LogLevel.Information, "Not ready any more; clients are accepted for {Delay} yet")]
    private partial void LogLeaving(TimeSpan delay);

    [LoggerMessage(1013, LogLevel.Information, "Clients are neither accepted nor refused for {Delay}")]
    private partial void LogSilent(TimeSpan delay);
}
