using System.Diagnostics.CodeAnalysis;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;

namespace DbProxy.Core.Backends;

/// <summary>
/// The statements prepared on one server connection, whoever prepared them: sessions that share the connection share
/// them by text, settings and types of parameters. The least recently used one is really closed on the server when the limit is reached.
/// </summary>
internal sealed class PreparedOnConnection(ServerConnection connection)
{
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = new();
    private readonly List<uint> _closing = [];

    public int Count => _entries.Count;

    /// <summary>The server's statement for a client's, or null when it must be prepared here first.</summary>
    public Entry? Find(PreparedStatement statement)
    {
        if (statement.Held is { } held && ReferenceEquals(statement.HeldOn, connection))
        {
            return held;
        }

        // One that holds something for another statement of the same text is that one's alone.
        Key key = KeyOf(statement);
        if (statement.IsFirstOfKind && key.History.Before is { } before && Take(statement, before, key) is { } taken)
        {
            return taken;
        }

        if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            return TakeEarlier(statement, key);
        }

        if (node.Value.IsHeld)
        {
            return null;
        }

        if (!ReferenceEquals(_recent.First, node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
        }

        return node.Value;
    }

    /// <summary>One that was executed as this one was before, or not at all: what comes now sets it apart from those.</summary>
    private Entry? TakeEarlier(PreparedStatement statement, in Key key)
    {
        for (TypeHistory? earlier = key.History.Before; earlier is not null; earlier = earlier.Before)
        {
            if (Take(statement, earlier, key) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    private Entry? Take(PreparedStatement statement, TypeHistory earlier, in Key key)
    {
        var former = new Key(statement.SqlBytes, statement.SqlHash, statement.Settings, earlier);
        if (!_entries.TryGetValue(former, out LinkedListNode<Entry>? node) || node.Value.IsHeld)
        {
            return null;
        }

        if (_entries.TryGetValue(key, out LinkedListNode<Entry>? same))
        {
            Forget(same);
        }

        _entries.Remove(former);
        node.Value.Key = key;
        _entries.Add(key, node);
        _recent.Remove(node);
        _recent.AddFirst(node);
        return node.Value;
    }

    /// <summary>Notes a statement of a client's prepared here because it was not yet; as <see cref="Add(byte[], SessionSettings, uint, int)"/>.</summary>
    public Entry Add(PreparedStatement statement, uint serverId, int limit) => Add(KeyOf(statement), serverId, limit);

    /// <summary>Notes a statement just prepared under <paramref name="settings"/>; an older one with the same text, or the one unused longest, will be closed.</summary>
    public Entry Add(byte[] sql, SessionSettings settings, uint serverId, int limit) =>
        Add(new Key(sql, PreparedStatement.Hash(sql), settings, TypeHistory.None), serverId, limit);

    private Entry Add(in Key key, uint serverId, int limit)
    {
        if (_entries.TryGetValue(key, out LinkedListNode<Entry>? same))
        {
            Forget(same);
        }

        for (LinkedListNode<Entry>? node = _recent.Last; node is not null && _entries.Count >= limit;)
        {
            LinkedListNode<Entry> oldest = node;
            node = node.Previous;
            if (!oldest.Value.IsHeld)
            {
                Forget(oldest);
                connection.Counters.PreparedEvicted++;
            }
        }

        var entry = new Entry(key, serverId);
        _entries.Add(key, _recent.AddFirst(entry));
        return entry;
    }

    /// <summary>Closes a statement, whatever it holds on the server.</summary>
    public void Close(Entry entry)
    {
        entry.IsHeld = false;
        if (IsListed(entry, out LinkedListNode<Entry>? node))
        {
            Forget(node);
        }
        else
        {
            _closing.Add(entry.ServerId);
        }
    }

    /// <summary>What a statement held on the server is used up: other sessions may have it, if it is still the one for its text.</summary>
    public void Release(Entry entry)
    {
        entry.IsHeld = false;
        if (!IsListed(entry, out _))
        {
            _closing.Add(entry.ServerId);
        }
    }

    /// <summary>Closes a statement that was prepared in vain.</summary>
    public void CloseUnused(uint serverId) => _closing.Add(serverId);

    /// <summary>After a reset the server has forgotten them all.</summary>
    public void Clear()
    {
        _entries.Clear();
        _recent.Clear();
        _closing.Clear();
    }

    public bool HasClosing => _closing.Count > 0;

    /// <summary>Writes a COM_STMT_CLOSE, which has no answer, for each statement to close.</summary>
    public void WriteClosing(PacketWriter writer)
    {
        foreach (uint id in _closing)
        {
            writer.Begin(0);
            writer.WriteByte((byte)CommandKind.StmtClose);
            writer.WriteUInt32(id);
            writer.End();
        }

        _closing.Clear();
    }

    // MariaDB takes the types of each execution as they come.
    private Key KeyOf(PreparedStatement statement) => new(
        statement.SqlBytes, statement.SqlHash, statement.Settings,
        connection.Backend.State.Model.Flavor == ServerFlavor.MySql ? statement.History : TypeHistory.None);

    private bool IsListed(Entry entry, [NotNullWhen(true)] out LinkedListNode<Entry>? node) =>
        _entries.TryGetValue(entry.Key, out node) && ReferenceEquals(node.Value, entry);

    /// <summary>Closed at once, or, while it holds something, with that.</summary>
    private void Forget(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Key);
        _recent.Remove(node);
        if (!node.Value.IsHeld)
        {
            _closing.Add(node.Value.ServerId);
        }
    }

    /// <summary>A statement on the server.</summary>
    internal sealed class Entry(Key key, uint serverId)
    {
        public Key Key { get; set; } = key;

        public uint ServerId => serverId;

        /// <summary>Whether a cursor is open on it, or parameter data waits there: it is one client statement's alone.</summary>
        public bool IsHeld { get; set; }

        /// <summary>The parameter types that the server has for it now.</summary>
        public byte[] Types { get; set; } = [];
    }

    // The same text means other tables in another schema, and other syntax under another sql_mode.
    internal readonly struct Key(byte[] sql, int sqlHash, SessionSettings settings, TypeHistory history) : IEquatable<Key>
    {
        private readonly int _hash = HashCode.Combine(sqlHash, settings, history.GetHashCode());

        public TypeHistory History { get; } = history;

        private byte[] Sql { get; } = sql;

        private SessionSettings Settings { get; } = settings;

        public bool Equals(Key other) =>
            _hash == other._hash && (ReferenceEquals(Sql, other.Sql) || Sql.AsSpan().SequenceEqual(other.Sql)) && Settings.Matches(other.Settings) && History.Matches(other.History);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
