using System.Collections.Concurrent;
using DbProxy.Admin.Api.Models;

namespace DbProxy.Admin.Api.Counting;

/// <summary>Rates of counters, which are looked at once a second; the data path knows nothing of it.</summary>
internal sealed class Rates(Func<IEnumerable<(object Owner, string Counter, long Raw)>> counters, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(object Owner, string Counter), RateMeter> _meters = new();
    private long _sampledAt;

    /// <summary>The rate of a counter.</summary>
    public RateFigures Of(object owner, string counter) => _meters.TryGetValue((owner, counter), out var meter)
        ? new(Math.Round(meter.Now, 1), Math.Round(meter.Max, 1))
        : new(0, 0);

    /// <summary>How often something was counted in the last second, not rounded.</summary>
    public double Raw(object owner, string counter) => _meters.TryGetValue((owner, counter), out var meter) ? meter.Now : 0;

    /// <summary>Samples until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stopping.IsCancellationRequested)
        {
            Sample();
            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Begins anew with what was the most.</summary>
    public void ForgetMaxima()
    {
        foreach (var meter in _meters.Values)
            meter.ForgetMax();
    }

    internal void Sample()
    {
        var now = time.GetTimestamp();
        var since = time.GetElapsedTime(_sampledAt, now);
        _sampledAt = now;
        HashSet<(object, string)> seen = [];
        foreach (var (owner, counter, raw) in counters())
        {
            seen.Add((owner, counter));
            _meters.GetOrAdd((owner, counter), static _ => new()).Sample(raw, since);
        }
        // What was taken away, such as a server, must not be kept here.
        foreach (var key in _meters.Keys)
            if (!seen.Contains(key))
                _meters.TryRemove(key, out _);
    }
}
