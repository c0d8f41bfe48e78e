namespace DbProxy.SampleApp.Http;

/// <summary>
/// At SIGTERM: says that it is not ready and goes on serving for a while, so that those in front stop sending before the
/// listener closes. Those that don't ask (nginx) find no connection in the end, and go elsewhere. Kestrel then finishes what runs.
/// </summary>
internal sealed partial class DrainService(Readiness readiness, Listeners listeners, ShopOptions options, ILogger<DrainService> logger)
    : IHostedLifecycleService
{
    // For connections that have just been made: to be accepted, and their first request to be read.
    private static readonly TimeSpan _lastArrivals = TimeSpan.FromMilliseconds(200);

    // Before any service stops, Kestrel among them.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        LogDraining(options.Drain.TotalSeconds);
        await Task.Delay(options.Drain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listeners.IgnoreAttempts();
        await Task.Delay(_lastArrivals, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(10, LogLevel.Information, "Stopping: not ready, and serving for {Seconds} s more")]
    private partial void LogDraining(double seconds);
}
