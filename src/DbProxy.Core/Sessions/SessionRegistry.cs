using System.Collections.Concurrent;

namespace DbProxy.Core.Sessions;

/// <summary>The sessions that are open, by the id that their clients know them by.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<uint, Session> _sessions = new();
    private int _lastId;

    public IEnumerable<Session> All => _sessions.Values;

    public int Count => _sessions.Count;

    public uint NextId() => (uint)Interlocked.Increment(ref _lastId);

    public void Add(Session session) => _sessions.TryAdd(session.Id, session);

    public void Remove(Session session) => _sessions.TryRemove(session.Id, out _);

    public Session? Find(long id) => id is > 0 and <= uint.MaxValue && _sessions.TryGetValue((uint)id, out Session? session) ? session : null;
}
