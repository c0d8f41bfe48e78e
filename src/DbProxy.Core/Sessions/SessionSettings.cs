using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace DbProxy.Core.Sessions;

/// <summary>
/// What of a session's state can be given to any server connection: schema, character set and system variables.
/// Immutable and interned, so that "does this connection stand where the session stands?" is one comparison of
/// references on the hot path.
/// </summary>
internal sealed class SessionSettings : IEquatable<SessionSettings>
{
    // Settings come from clients, so their number is bounded; beyond it equal settings are merely compared in full.
    private const int InternLimit = 4096;
    private static readonly ConcurrentDictionary<SessionSettings, SessionSettings> Interned = new();
    private static readonly ImmutableSortedDictionary<string, string> NoVariables =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>A collation id for "whatever the server has by default", as after a reset.</summary>
    public const int ServerDefault = -1;

    private readonly int _hash;

    private SessionSettings(string schema, int collationId, ImmutableSortedDictionary<string, string> variables)
    {
        Schema = schema;
        CollationId = collationId;
        Variables = variables;
        var hash = default(HashCode);
        hash.Add(schema);
        hash.Add(collationId);
        foreach (var (name, value) in variables)
        {
            hash.Add(name);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The default schema; empty: none.</summary>
    public string Schema { get; }

    /// <summary>The collation id of the login; variables named <c>character_set_…</c> go before it.</summary>
    public int CollationId { get; }

    /// <summary>System variables that the session has set, sorted: collation_connection must follow character_set_….</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; }

    public static SessionSettings Create(string schema, int collationId) => Intern(new(schema, collationId, NoVariables));

    public SessionSettings WithSchema(string schema) =>
        schema == Schema ? this : Intern(new(schema, CollationId, Variables));

    public SessionSettings WithCollation(int collationId) =>
        collationId == CollationId ? this : Intern(new(Schema, collationId, Variables));

    public SessionSettings WithVariable(string name, string value) =>
        Variables.TryGetValue(name, out string? old) && old == value
            ? this
            : Intern(new(Schema, CollationId, Variables.SetItem(name, value)));

    public SessionSettings WithoutVariable(string name) =>
        Variables.ContainsKey(name) ? Intern(new(Schema, CollationId, Variables.Remove(name))) : this;

    public bool Matches(SessionSettings other) => ReferenceEquals(this, other) || Equals(other);

    public bool Equals(SessionSettings? other) =>
        other is not null && _hash == other._hash && CollationId == other.CollationId && Schema == other.Schema
        && Variables.SequenceEqual(other.Variables);

    public override bool Equals(object? obj) => Equals(obj as SessionSettings);

    public override int GetHashCode() => _hash;

    private static SessionSettings Intern(SessionSettings settings)
    {
        if (Interned.TryGetValue(settings, out SessionSettings? known))
        {
            return known;
        }

        if (Interned.Count >= InternLimit)
        {
            Interned.Clear();
        }

        return Interned.GetOrAdd(settings, settings);
    }
}
