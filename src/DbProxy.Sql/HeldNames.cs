namespace DbProxy.Sql;

/// <summary>
/// The temporary tables, named locks and handlers that a session has, as far as its statements tell them by name: when the
/// last is given up, nothing of the kind is left on its connection. What isn't understood counts as held for good.
/// </summary>
public sealed class HeldNames
{
    private const StatementTraits Kinds = StatementTraits.TemporaryTable | StatementTraits.NamedLock | StatementTraits.Handler;

    private readonly Dictionary<(StatementTraits Kind, string Name), int> _names = [];
    private StatementTraits _unknown;

    /// <summary>Which of the traits TemporaryTable, NamedLock and Handler something may be held of.</summary>
    public StatementTraits Held
    {
        get
        {
            var held = _unknown;
            foreach (var (kind, _) in _names.Keys)
                held |= kind;
            return held;
        }
    }

    /// <summary>Nothing is held: the connection is gone, or was reset.</summary>
    public void Clear()
    {
        _names.Clear();
        _unknown = StatementTraits.None;
    }

    /// <summary>Notes a statement that was executed without an error.</summary>
    /// <param name="statement">What it is.</param>
    /// <param name="sql">Its text.</param>
    /// <param name="modes">How the server reads it.</param>
    /// <param name="schema">The schema that names belong to.</param>
    public void Note(in Statement statement, ReadOnlySpan<byte> sql, LexerModes modes, string schema)
    {
        if (statement.Kind is StatementKind.Call or StatementKind.Execute or StatementKind.Compound or StatementKind.Batch or StatementKind.Unknown
            || statement.HasAny(StatementTraits.Ambiguous))
        {
            _unknown |= Kinds;
            return;
        }
        var kind = statement.Traits & Kinds;
        if (statement.Kind == StatementKind.Ddl && (kind != 0 || _names.Count > 0))
            kind |= StatementTraits.TemporaryTable;
        if (kind == 0)
            return;
        var reader = new HeldNameReader(sql, modes);
        while (reader.Next())
            Note(reader, schema);
        if (!reader.IsUnderstood)
            _unknown |= kind;
    }

    private void Note(in HeldNameReader found, string schema)
    {
        if (found.Name is null)
        {
            foreach (var name in _names.Keys.Where(k => k.Kind == StatementTraits.NamedLock).ToList())
                _names.Remove(name);
            _unknown &= ~StatementTraits.NamedLock;
            return;
        }
        var key = (found.Kind, found.Kind == StatementTraits.NamedLock ? found.Name : $"{schema}.{found.Name}");
        var count = _names.GetValueOrDefault(key);
        // A lock may be taken several times, and then must be given up as often.
        count = found.IsTaken ? (found.Kind == StatementTraits.NamedLock ? count + 1 : 1) : count - 1;
        if (count > 0)
            _names[key] = count;
        else
            _names.Remove(key);
    }
}
