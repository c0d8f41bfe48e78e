using System.Buffers.Binary;

namespace DbProxy.Protocol.Responses;

/// <summary>What a response said that outlives it: the facts that decide where the session's next statement may run.</summary>
public sealed class ResponseSummary
{
    private byte[] _sessionState = [];
    private int _sessionStateLength;
    private byte[] _firstRow = [];

    /// <summary>Status flags of the last OK or EOF packet.</summary>
    public ServerStatus Status { get; internal set; }

    /// <summary>Whether any OK or EOF packet was seen, that is, whether <see cref="Status"/> means something.</summary>
    public bool HasStatus { get; internal set; }

    /// <summary>Affected rows of the last OK packet.</summary>
    public ulong AffectedRows { get; internal set; }

    /// <summary>Insert id of the last OK packet that carried one, or 0.</summary>
    public ulong LastInsertId { get; internal set; }

    /// <summary>Warnings announced by the last packet that counts them.</summary>
    public ushort Warnings { get; internal set; }

    /// <summary>MySQL error code of the ERR packet that ended the response, or 0.</summary>
    public ushort ErrorCode { get; internal set; }

    /// <summary>Whether a result with columns was part of the response.</summary>
    public bool HasRows { get; internal set; }

    /// <summary>Rows of the last result with columns.</summary>
    public ulong Rows { get; internal set; }

    /// <summary>The server's id of a statement just prepared.</summary>
    public uint StatementId { get; internal set; }

    /// <summary>Parameters of a statement just prepared.</summary>
    public ushort Parameters { get; internal set; }

    /// <summary>Whether an EOF packet, which has no room for them, announced session state changes: MariaDB's do.</summary>
    public bool HidesSessionState { get; internal set; }

    /// <summary>The session state changes of all OK packets, as on the wire (entries of type, length, data).</summary>
    public ReadOnlySpan<byte> SessionState => _sessionState.AsSpan(0, _sessionStateLength);

    /// <summary>The payload of the first row, where the tracker was asked to keep it; otherwise empty.</summary>
    public ReadOnlySpan<byte> FirstRow => _firstRow;

    internal void Reset()
    {
        Status = 0;
        HasStatus = HasRows = HidesSessionState = false;
        AffectedRows = LastInsertId = Rows = 0;
        Warnings = ErrorCode = Parameters = 0;
        StatementId = 0;
        _sessionStateLength = 0;
        _firstRow = [];
    }

    internal void KeepFirstRow(ReadOnlySpan<byte> row) => _firstRow = row.ToArray();

    /// <summary>Adds what the server told later.</summary>
    public void AddSessionState(ReadOnlySpan<byte> entries)
    {
        int length = _sessionStateLength + entries.Length;
        if (length > _sessionState.Length)
        {
            Array.Resize(ref _sessionState, Math.Max(length, 256));
        }

        entries.CopyTo(_sessionState.AsSpan(_sessionStateLength));
        _sessionStateLength = length;
    }

    internal void SetPrepared(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 9)
        {
            throw new MalformedPacketException("The answer to COM_STMT_PREPARE is shorter than 9 bytes.");
        }

        StatementId = BinaryPrimitives.ReadUInt32LittleEndian(payload[1..]);
        Parameters = BinaryPrimitives.ReadUInt16LittleEndian(payload[7..]);
    }
}
