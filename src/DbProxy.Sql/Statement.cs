using System.Runtime.InteropServices;

namespace DbProxy.Sql;

/// <summary>What a text is; 24 bytes, holds no reference to it.</summary>
/// <param name="Kind">The statement, or <see cref="StatementKind.Batch"/> for several.</param>
/// <param name="Access">Which servers may run it; a hint for a replica is taken into account.</param>
/// <param name="Traits">What it needs from its connection or leaves there.</param>
/// <param name="Hint">What a comment asks for. A caller sends a read with <see cref="RoutingHint.Primary"/> to the primary.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Statement(
    StatementKind Kind, StatementAccess Access, StatementTraits Traits, RoutingHint Hint)
{
    /// <summary>KILL: which of its forms. A batch: whether it holds one.</summary>
    public KillForm KillForm { get; init; }

    /// <summary>KILL QUERY: only the statement is to be ended, not the connection.</summary>
    public bool KillQueryOnly => KillForm.HasFlag(KillForm.Query);

    /// <summary>Whether one of several statements is a KILL; see <see cref="StatementClassifier.FindKill"/>.</summary>
    public bool HoldsKill => KillForm.HasFlag(KillForm.InBatch);

    /// <summary>The connection that KILL names by a literal number; otherwise -1 (an expression, KILL USER, another statement).</summary>
    public long KillTarget => Kind == StatementKind.Kill && Argument >= 0 ? Argument : -1;

    /// <summary>KILL of anything but a literal number: where that stands in the text; otherwise empty.</summary>
    public Range KillExpression => Kind == StatementKind.Kill && Argument < 0 ? (int)(~Argument >> 32)..(int)~Argument : default;

    /// <summary>USE: where the schema's name begins in the text, behind its quote; otherwise 0.</summary>
    public int SchemaOffset => Kind == StatementKind.Use ? (int)(Argument >> 32) : 0;

    /// <summary>USE: the name's bytes without its quotes; a quote inside the name is still doubled. Otherwise 0.</summary>
    public int SchemaLength => Kind == StatementKind.Use ? (int)Argument : 0;

    /// <summary>
    /// Reads or sets a variable of the session trackers (session_track_…), or shows all variables: what the connection has
    /// there is a proxy's own.
    /// </summary>
    public bool NamesTrackers => Argument == TrackersNamed && Kind is not (StatementKind.Kill or StatementKind.Use);

    /// <summary>The <see cref="Argument"/> of a statement that <see cref="NamesTrackers"/>.</summary>
    internal const long TrackersNamed = long.MinValue;

    /// <summary>KILL: the target, or the complement of its expression's begin and end. USE: offset and length of the name.</summary>
    internal long Argument { get; init; }

    /// <summary>True when all of <paramref name="traits"/> are present.</summary>
    public bool Has(StatementTraits traits) => (Traits & traits) == traits;

    /// <summary>True when at least one of <paramref name="traits"/> is present.</summary>
    public bool HasAny(StatementTraits traits) => (Traits & traits) != 0;

    /// <summary>
    /// Writes the schema's name of a USE statement with doubled quotes made single, and returns its length in bytes; 0 when
    /// this is no USE or <paramref name="destination"/> is shorter than <see cref="SchemaLength"/>.
    /// </summary>
    /// <param name="sql">The text that was classified.</param>
    /// <param name="destination">At least <see cref="SchemaLength"/> bytes.</param>
    public int CopySchema(ReadOnlySpan<byte> sql, Span<byte> destination)
    {
        if (SchemaLength == 0 || destination.Length < SchemaLength)
            return 0;
        var name = sql.Slice(SchemaOffset, SchemaLength);
        var quote = SchemaOffset > 0 ? sql[SchemaOffset - 1] : (byte)0;
        if (quote is not ((byte)'`' or (byte)'"'))
            quote = 0;
        var written = 0;
        for (var i = 0; i < name.Length; i++)
        {
            destination[written++] = name[i];
            if (quote != 0 && name[i] == quote)
                i++;
        }
        return written;
    }
}
