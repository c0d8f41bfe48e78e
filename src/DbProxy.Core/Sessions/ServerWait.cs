using System.Diagnostics;

namespace DbProxy.Core.Sessions;

/// <summary>How long one statement waits for a server that can take it, all its waits together.</summary>
internal struct ServerWait(ProxyContext context, TimeSpan limit)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    // 0: it has not waited yet.
    private long _deadline;

    /// <summary>Waits for the topology to change; false when the time is up.</summary>
    /// <param name="mayBeBack">A server that is taken for up could not be reached: a restart may be over before the
    /// monitor has noticed anything, so it is tried again after a moment.</param>
    public ValueTask<bool> NextAsync(bool mayBeBack)
    {
        long now = Stopwatch.GetTimestamp();
        if (_deadline == 0)
        {
            Interlocked.Increment(ref context.Counters.PrimaryWaits);
            _deadline = now + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        }

        TimeSpan rest = Stopwatch.GetElapsedTime(now, _deadline);
        return rest <= TimeSpan.Zero ? new(false)
            : mayBeBack && rest > Again ? WaitAsync(context, Again, whenOver: true)
            : WaitAsync(context, rest, whenOver: false);
    }

    private static async ValueTask<bool> WaitAsync(ProxyContext context, TimeSpan time, bool whenOver)
    {
        using var limit = new CancellationTokenSource(time);
        try
        {
            await context.Topology.WaitForChangeAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return whenOver;
        }

        return true;
    }
}
