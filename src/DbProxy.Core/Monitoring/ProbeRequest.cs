namespace DbProxy.Core.Monitoring;

/// <summary>A wake-up call for one waiter; setting it twice before it is awaited is the same as once.</summary>
internal sealed class ProbeRequest
{
    private readonly SemaphoreSlim _signal = new(0, 1);
    private int _set;

    internal void Set()
    {
        // The flag keeps sessions that all lose their connections at once from meeting on the semaphore's lock.
        if (Interlocked.Exchange(ref _set, 1) == 0)
            _signal.Release();
    }

    /// <summary>Waits for the call or the timeout, whichever comes first.</summary>
    internal async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken stopping)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var called = _signal.WaitAsync(enough.Token);
        var elapsed = Task.Delay(timeout, time, enough.Token);
        await Task.WhenAny(called, elapsed).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        // Canceling may have come after the call: then the semaphore is taken and the flag must fall with it.
        await called.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await elapsed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (called.IsCompletedSuccessfully)
            Volatile.Write(ref _set, 0);
        stopping.ThrowIfCancellationRequested();
    }
}
