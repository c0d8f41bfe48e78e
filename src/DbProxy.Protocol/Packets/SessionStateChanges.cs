namespace DbProxy.Protocol.Packets;

/// <summary>Enumerates the session state changes of an OK packet; works with foreach, without allocation.</summary>
/// <remarks>
/// Entries are (type, length-encoded data). An entry of system variables may hold several pairs. Malformed data throws
/// <see cref="MalformedPacketException"/> while enumerating.
/// </remarks>
public ref struct SessionStateChanges
{
    private PacketReader _entries;
    private PacketReader _variables;

    /// <summary>Over the entries as they stand in an OK packet, without their total length.</summary>
    public SessionStateChanges(ReadOnlySpan<byte> data)
    {
        _entries = new PacketReader(data);
        _variables = new PacketReader([]);
    }

    /// <summary>The change that <see cref="MoveNext"/> found.</summary>
    public SessionStateChange Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly SessionStateChanges GetEnumerator() => this;

    /// <summary>Steps to the next change.</summary>
    /// <exception cref="MalformedPacketException">The data is cut off.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            if (_variables.Remaining > 0)
            {
                var name = _variables.ReadLengthEncodedBytes();
                // A variable without a value (NULL) is told by 0xFB; it reads as empty.
                _variables.TryReadLengthEncodedBytes(out var value);
                Current = new SessionStateChange(SessionStateKind.SystemVariable, name, value);
                return true;
            }
            if (_entries.Remaining == 0)
            {
                return false;
            }
            var kind = (SessionStateKind)_entries.ReadByte();
            var data = _entries.ReadLengthEncodedBytes();
            if (kind == SessionStateKind.SystemVariable)
            {
                _variables = new PacketReader(data);
                continue;
            }
            Current = new SessionStateChange(kind, [], Value(kind, data));
            return true;
        }
    }

    private static ReadOnlySpan<byte> Value(SessionStateKind kind, ReadOnlySpan<byte> data)
    {
        var reader = new PacketReader(data);
        switch (kind)
        {
            case SessionStateKind.Gtids:
                reader.ReadByte(); // encoding specification; 0 (text) is the only one defined
                return reader.ReadLengthEncodedBytes();
            // MySQL gives the flag as a length-encoded string, MariaDB 10.11 as the bare character.
            case SessionStateKind.StateChange when data.Length == 1:
                return data;
            case SessionStateKind.Schema or SessionStateKind.StateChange
                or SessionStateKind.TransactionCharacteristics or SessionStateKind.TransactionState:
                // No schema may be told as NULL.
                reader.TryReadLengthEncodedBytes(out var value);
                return value;
            default:
                return data;
        }
    }
}
