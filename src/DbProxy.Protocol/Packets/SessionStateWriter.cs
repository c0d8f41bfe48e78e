namespace DbProxy.Protocol.Packets;

/// <summary>Encodes session state changes for <see cref="OkPacket.Write"/>.</summary>
public sealed class SessionStateWriter : IDisposable
{
    private readonly PacketWriter _entries = new();
    private readonly PacketWriter _data = new();

    /// <summary>The encoded entries. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Encoded => _entries.WrittenSpan;

    /// <summary>Adds a changed system variable.</summary>
    public void AddVariable(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _data.Clear();
        _data.WriteLengthEncodedBytes(name);
        _data.WriteLengthEncodedBytes(value);
        AddEntry(SessionStateKind.SystemVariable);
    }

    /// <summary>Adds a change of any other kind.</summary>
    public void Add(SessionStateKind kind, ReadOnlySpan<byte> value)
    {
        _data.Clear();
        if (kind == SessionStateKind.Gtids)
        {
            _data.WriteByte(0);
        }
        _data.WriteLengthEncodedBytes(value);
        AddEntry(kind);
    }

    /// <summary>Forgets the entries.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _entries.Dispose();
        _data.Dispose();
    }

    private void AddEntry(SessionStateKind kind)
    {
        _entries.WriteByte((byte)kind);
        _entries.WriteLengthEncodedBytes(_data.WrittenSpan);
    }
}
