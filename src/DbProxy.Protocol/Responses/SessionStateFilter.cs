using System.Collections.Frozen;
using System.Text;
using DbProxy.Protocol.Packets;

namespace DbProxy.Protocol.Responses;

/// <summary>
/// Keeps, of the session state that a server reports to the proxy, what it would report to the client: what the client's
/// own session_track_… variables ask for. Immutable.
/// </summary>
public sealed class SessionStateFilter
{
    /// <summary>What MySQL 8/9 and MariaDB 10.11 report where nobody has said anything.</summary>
    public static readonly SessionStateFilter Default = new(
        "autocommit,time_zone,character_set_client,character_set_connection,character_set_results",
        schema: true, stateChange: false, gtids: false);

    private readonly FrozenSet<string>? _names;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly bool _schema, _stateChange, _gtids;

    /// <summary>A filter of a session.</summary>
    /// <param name="variables">session_track_system_variables: names with commas, or <c>*</c> for all.</param>
    /// <param name="schema">session_track_schema.</param>
    /// <param name="stateChange">session_track_state_change.</param>
    /// <param name="gtids">Whether session_track_gtids is not OFF.</param>
    public SessionStateFilter(string variables, bool schema, bool stateChange, bool gtids)
    {
        ArgumentNullException.ThrowIfNull(variables);
        string[] names = variables.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!names.Contains("*"))
        {
            _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
            _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        (_schema, _stateChange, _gtids) = (schema, stateChange, gtids);
    }

    /// <summary>Copies the entries to keep, unframed, to <paramref name="writer"/>.</summary>
    internal void Write(PacketWriter writer, ReadOnlySpan<byte> entries)
    {
        var reader = new PacketReader(entries);
        while (reader.Remaining > 0)
        {
            byte type = reader.ReadByte();
            ReadOnlySpan<byte> data = reader.ReadLengthEncodedBytes();
            if (Keeps((SessionStateKind)type, data))
            {
                writer.WriteByte(type);
                writer.WriteLengthEncodedBytes(data);
            }
        }
    }

    private bool Keeps(SessionStateKind kind, ReadOnlySpan<byte> data) => kind switch
    {
        SessionStateKind.Schema => _schema,
        SessionStateKind.SystemVariable => _names is null || KeepsVariable(data),
        SessionStateKind.StateChange => _stateChange,
        SessionStateKind.Gtids => _gtids,
        // The client's own value of session_track_transaction_info stands on its connections, and MySQL 9.7 tells of
        // transactions at BEGIN and COMMIT even where it is OFF.
        SessionStateKind.TransactionState or SessionStateKind.TransactionCharacteristics => true,
        _ => false,
    };

    private bool KeepsVariable(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> name = new PacketReader(data).ReadLengthEncodedBytes();
        Span<char> text = stackalloc char[64];
        return name.Length <= text.Length && _lookup.Contains(text[..Encoding.ASCII.GetChars(name, text)]);
    }
}
