using DbProxy.Core.Backends;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>A statement that a client prepared: the proxy's own id for it, and what is needed to prepare it anywhere.</summary>
internal sealed class PreparedStatement(uint id, byte[] sql, Statement statement, ushort parameters, SessionSettings settings)
{
    /// <summary>The session's settings when it was prepared: they decide for ever what its text means (schema, sql_mode, character set).</summary>
    public SessionSettings Settings => settings;

    /// <summary>The id that the client uses.</summary>
    public uint Id => id;

    public ReadOnlySpan<byte> Sql => sql;

    public byte[] SqlBytes => sql;

    /// <summary>Of the text: computed once, looked up at each execution.</summary>
    public int SqlHash { get; } = Hash(sql);

    public Statement Statement => statement;

    public ushort Parameters => parameters;

    /// <summary>
    /// Parameter types of the last execution that sent them, as on the wire. A client sends them once; a server that
    /// has not seen them, or has seen another session's, must get them again.
    /// </summary>
    public byte[] Types { get; private set; } = [];

    /// <summary>The kinds of parameters that its executions had so far; a server's statement is shared by those only that have the same.</summary>
    public TypeHistory History { get; private set; } = TypeHistory.None;

    /// <summary>Whether a cursor of it is open on the session's connection.</summary>
    public bool HasCursor { get; set; }

    /// <summary>Whether parameter data was sent ahead to the session's connection.</summary>
    public bool HasLongData { get; set; }

    /// <summary>Whether parameter data was lost on its way: the next execution must fail.</summary>
    public bool LostLongData { get; set; }

    /// <summary>The server's statement that has the cursor or the parameter data, whatever the session's settings are by now.</summary>
    public PreparedOnConnection.Entry? Held { get; private set; }

    /// <summary>The connection of <see cref="Held"/>.</summary>
    public ServerConnection? HeldOn { get; private set; }

    /// <summary>
    /// Whether the execution that goes on is the first with types of its kind. The server answers it as it goes from one
    /// kind to the other, so it needs a statement there that does.
    /// </summary>
    public bool IsFirstOfKind { get; private set; }

    /// <summary>An execution begins.</summary>
    public void BeginExecution() => IsFirstOfKind = false;

    /// <summary>Notes the types of an execution.</summary>
    public void NoteTypes(byte[] types)
    {
        TypeHistory before = History;
        Types = types;
        History = before.With(types);
        IsFirstOfKind = !ReferenceEquals(before, History);
    }

    /// <summary>Notes where the cursor or the parameter data is.</summary>
    public void Hold(PreparedOnConnection.Entry entry, ServerConnection connection)
    {
        entry.IsHeld = true;
        (Held, HeldOn) = (entry, connection);
    }

    /// <summary>Nothing is held any more.</summary>
    public void LetGo()
    {
        HasCursor = HasLongData = false;
        (Held, HeldOn) = (null, null);
    }

    public static int Hash(ReadOnlySpan<byte> sql)
    {
        var hash = default(HashCode);
        hash.AddBytes(sql);
        return hash.ToHashCode();
    }
}
