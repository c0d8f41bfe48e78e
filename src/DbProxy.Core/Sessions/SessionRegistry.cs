using System.Collections.Concurrent;
using System.Diagnostics;

namespace DbProxy.Core.Sessions;

/// <summary>The sessions that are open, by the id that their clients know them by.</summary>
/// <remarks>
/// The ids are from 2^30 to 2^31: servers count their own from 1, so that a KILL tells which of both is meant; and drivers
/// keep them in signed integers of 32 bits. They begin at a random place, so that those of two proxies, or of one before
/// and after its restart, are hardly ever the same: with 10,000 sessions on each of two proxies, once in 50,000 starts.
/// </remarks>
internal sealed class SessionRegistry
{
    private const uint First = 1u << 30;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<uint, Session> _sessions = new();
    private int _lastId = Random.Shared.Next();

    public IEnumerable<Session> All => _sessions.Values;

    public int Count => _sessions.Count;

    public uint NextId()
    {
        uint id;
        do
        {
            id = First | ((uint)Interlocked.Increment(ref _lastId) & (First - 1));
        }
        while (_sessions.ContainsKey(id));
        return id;
    }

    public void Add(Session session) => _sessions.TryAdd(session.Id, session);

    public void Remove(Session session) => _sessions.TryRemove(session.Id, out _);

    public Session? Find(ulong id) => IsOwn(id) && _sessions.TryGetValue((uint)id, out Session? session) ? session : null;

    /// <inheritdoc cref="Find(ulong)"/>
    public Session? Find(long id) => id < 0 ? null : Find((ulong)id);

    /// <summary>
    /// Lets sessions end where nothing of them is lost, until none is left or the time is up: in its first half at seams only, or
    /// when they have been idle for a tenth of it; in the second half behind any statement that leaves no transaction open.
    /// </summary>
    /// <param name="which">Those that are to end; it is asked of ones that come meanwhile, too.</param>
    /// <param name="limit">How long that may take. Those that are left are not cut, and end at their next such point.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    public async Task DrainAsync(Func<Session, bool> which, TimeSpan limit, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < limit && !cancellationToken.IsCancellationRequested && All.Any(which))
        {
            DrainStage stage = Stopwatch.GetElapsedTime(started) < limit / 2 ? DrainStage.AtSeams : DrainStage.AfterStatements;
            foreach (Session session in All.Where(which))
            {
                session.Drain(stage, limit / 10);
            }

            await Task.Delay(Interval, CancellationToken.None);
        }
    }

    /// <summary>Whether an id is one that a proxy gives, be it this one or another.</summary>
    public static bool IsOwn(ulong id) => id is >= First and < 2ul * First;
}
