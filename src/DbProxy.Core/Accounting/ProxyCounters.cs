using System.Collections.Concurrent;
using System.Numerics;
using DbProxy.Core.Sessions;

namespace DbProxy.Core.Accounting;

/// <summary>Counters of events rare enough for atomic increments: everything that isn't counted once a statement.</summary>
internal sealed class ProxyCounters
{
    // Error codes come from servers and the proxy, so they are bounded in practice; the limit makes it certain.
    private const int ErrorCodeLimit = 500;
    private readonly long[] _pins = new long[16];
    private readonly ConcurrentDictionary<(ushort Code, bool FromProxy), long> _errors = new();

    public long SessionsAccepted;
    public long SessionsRefused;
    public long LoginsFailed;
    public long LoginsByCredential;
    public long LoginsByServer;
    public long ProtocolErrors;
    public long ProxyHeadersAccepted;
    public long ProxyHeadersRefused;
    public long ReadsRetried;
    public long ReadOnlyRetried;
    public long PrimaryWaits;
    public long HoldsReclaimed;
    public long ClientsVanished;

    public IEnumerable<KeyValuePair<(ushort Code, bool FromProxy), long>> Errors => _errors;

    public void Pinned(PinReasons added)
    {
        for (ushort bits = (ushort)added; bits != 0; bits &= (ushort)(bits - 1))
        {
            Interlocked.Increment(ref _pins[BitOperations.TrailingZeroCount(bits)]);
        }
    }

    public long Pins(PinReasons reason) => Volatile.Read(ref _pins[BitOperations.TrailingZeroCount((ushort)reason)]);

    public void Error(ushort code, bool fromProxy)
    {
        (ushort Code, bool FromProxy) key = (code, fromProxy);
        if (_errors.Count >= ErrorCodeLimit && !_errors.ContainsKey(key))
        {
            key = (0, fromProxy);
        }

        _errors.AddOrUpdate(key, 1, static (_, count) => count + 1);
    }
}
