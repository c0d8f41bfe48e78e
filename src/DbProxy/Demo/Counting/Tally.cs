using DbProxy.Demo.Workload;

namespace DbProxy.Demo.Counting;

/// <summary>Counts what the workload's clients see. Atomic increments: a demo's thousand a second don't feel them.</summary>
internal sealed class Tally(int servers, uint primaryId)
{
    private readonly long[] _reads = new long[servers + 1];
    private readonly long[] _writes = new long[servers + 1];
    private readonly long[][] _latencies = [.. Enum.GetValues<Operation>().Select(_ => new long[LatencyScale.Buckets])];
    private long _statements, _ownReads, _ownReadsOnReplicas, _stale, _misplaced, _errors;
    private volatile string _lastError = "";

    public void Statements(int count) => Interlocked.Add(ref _statements, count);

    public void Timed(Operation operation, long ticks) =>
        Interlocked.Increment(ref _latencies[(int)operation][LatencyScale.BucketOf(ticks)]);

    public void Read(uint serverId) => Interlocked.Increment(ref _reads[serverId]);

    /// <summary>A read of the session's own write.</summary>
    public void OwnRead(uint serverId, bool stale)
    {
        Read(serverId);
        Interlocked.Increment(ref _ownReads);
        Interlocked.Add(ref _ownReadsOnReplicas, serverId == primaryId ? 0 : 1);
        Interlocked.Add(ref _stale, stale ? 1 : 0);
    }

    public void Write(uint serverId)
    {
        Interlocked.Increment(ref _writes[serverId]);
        Interlocked.Add(ref _misplaced, serverId == primaryId ? 0 : 1);
    }

    public void Failed(string message)
    {
        _lastError = message;
        Interlocked.Increment(ref _errors);
    }

    public TallyCounts Snapshot() => new()
    {
        Reads = [.. _reads],
        Writes = [.. _writes],
        Latencies = [.. _latencies.Select(l => (System.Collections.Immutable.ImmutableArray<long>)[.. l])],
        Statements = Volatile.Read(ref _statements),
        OwnReads = Volatile.Read(ref _ownReads),
        OwnReadsOnReplicas = Volatile.Read(ref _ownReadsOnReplicas),
        Stale = Volatile.Read(ref _stale),
        Misplaced = Volatile.Read(ref _misplaced),
        Errors = Volatile.Read(ref _errors),
        LastError = _lastError,
    };
}
