using System.Collections.Concurrent;
using DbProxy.Sql;

namespace DbProxy.Core.Routing;

/// <summary>
/// Statements that look like reads and that a replica refused as writes (a stored function that writes, say): they go to
/// the primary at once from then on. Remembered by digest, and bounded; empty in most systems, and then costs nothing.
/// </summary>
internal sealed class RefusedReads
{
    private const int Limit = 10_000;
    private readonly ConcurrentDictionary<ulong, byte> _digests = new();
    private volatile bool _any;

    public int Count => _digests.Count;

    public bool Contains(ReadOnlySpan<byte> sql) =>
        _any && _digests.ContainsKey(StatementDigest.Compute(sql, LexerModes.None));

    public void Add(ReadOnlySpan<byte> sql)
    {
        if (_digests.Count < Limit)
        {
            _digests.TryAdd(StatementDigest.Compute(sql, LexerModes.None), 0);
            _any = true;
        }
    }
}
