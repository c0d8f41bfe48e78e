using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.Hosting;

/// <summary>
/// Runs a part that listens inside the host: it opens what may fail when the host starts its services, and accepts clients
/// when all of them have started. So a process that can't take over has lost nobody to itself.
/// </summary>
internal abstract class ListeningService : IHostedLifecycleService, IAsyncDisposable
{
    private IPreparedChange? _start;

    public async Task StartAsync(CancellationToken cancellationToken) => _start = await PrepareStartAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _start?.Commit();
        return Task.CompletedTask;
    }

    public abstract Task StopAsync(CancellationToken cancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        if (_start is not null) await _start.DisposeAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected abstract Task<IPreparedChange> PrepareStartAsync(CancellationToken cancellationToken);
}
