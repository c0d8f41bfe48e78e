using System.Runtime.CompilerServices;

namespace DbProxy.Admin.Api.Counting;

/// <summary>
/// Counters as operators see them: since the last reset. The data path's own only grow, and what they were at the reset is
/// taken off here, so that a reset costs nobody else anything and Prometheus does not notice it.
/// </summary>
internal sealed class Tally(TimeProvider time)
{
    private readonly ConditionalWeakTable<object, Dictionary<string, long>> _before = [];
    private readonly Lock _lock = new();
    private bool _resetting;

    /// <summary>Since when they count.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>A counter since the last reset.</summary>
    /// <param name="owner">Whose counter it is.</param>
    /// <param name="counter">Which one of the owner's.</param>
    /// <param name="raw">What it is now.</param>
    public long Of(object owner, string counter, long raw)
    {
        lock (_lock)
        {
            if (_resetting)
                _before.GetOrCreateValue(owner)[counter] = raw;
            return raw - (_before.TryGetValue(owner, out var counters) ? counters.GetValueOrDefault(counter) : 0);
        }
    }

    /// <summary>Begins anew with every counter that <paramref name="readAll"/> asks for.</summary>
    public void Reset(Action readAll)
    {
        lock (_lock)
        {
            _resetting = true;
            Since = time.GetUtcNow();
            try
            {
                readAll();
            }
            finally
            {
                _resetting = false;
            }
        }
    }
}
