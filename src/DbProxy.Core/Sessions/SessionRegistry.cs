using System.Collections.Concurrent;

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

    /// <summary>Whether an id is one that a proxy gives, be it this one or another.</summary>
    public static bool IsOwn(ulong id) => id is >= First and < 2ul * First;
}
