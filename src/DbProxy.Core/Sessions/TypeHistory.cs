using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Sessions;

/// <summary>
/// The kinds of parameters with which a statement was executed, in the order of their first use. MySQL (8.0.22 and later)
/// gives a parameter of no evident type that of its first execution, and converts what comes later: statements whose
/// executions began in the same way behave alike, others do not. Immutable.
/// </summary>
internal sealed class TypeHistory
{
    /// <summary>Of a statement that was not executed yet, or has no parameters.</summary>
    public static readonly TypeHistory None = new(null, []);

    // A client that goes on inventing types would make an entry of each.
    private const int MaxLength = 8;

    private readonly byte[] _types;
    private readonly int _length;
    private readonly int _hash;

    private TypeHistory(TypeHistory? before, byte[] types)
    {
        Before = before;
        _types = types;
        _length = before is null ? 0 : before._length + 1;
        var hash = default(HashCode);
        hash.Add(before?._hash ?? 0);
        hash.AddBytes(types);
        _hash = hash.ToHashCode();
    }

    /// <summary>The history without its end; null: <see cref="None"/> has nothing before it.</summary>
    public TypeHistory? Before { get; }

    /// <summary>The history behind one more execution, two bytes a parameter: this one when it was executed in this way before.</summary>
    public TypeHistory With(byte[] types)
    {
        for (TypeHistory? known = this; known is not null; known = known.Before)
        {
            if (known._length > 0 && Covers(known._types, types))
            {
                return this;
            }
        }

        return _length < MaxLength ? new(this, types) : this;
    }

    public bool Matches(TypeHistory other)
    {
        TypeHistory? one = this;
        TypeHistory? two = other;
        while (!ReferenceEquals(one, two))
        {
            if (one is null || two is null || one._hash != two._hash || !one._types.AsSpan().SequenceEqual(two._types))
            {
                return false;
            }

            (one, two) = (one.Before, two.Before);
        }

        return true;
    }

    public override int GetHashCode() => _hash;

    /// <summary>Whether the types are the same but where the new execution has NULL, which fits each type.</summary>
    private static bool Covers(ReadOnlySpan<byte> known, ReadOnlySpan<byte> types)
    {
        if (known.Length != types.Length)
        {
            return false;
        }

        for (int i = 0; i < types.Length; i += 2)
        {
            if (types[i] != (byte)ColumnType.Null && !known.Slice(i, 2).SequenceEqual(types.Slice(i, 2)))
            {
                return false;
            }
        }

        return true;
    }
}
