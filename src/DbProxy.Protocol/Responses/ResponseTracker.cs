using System.Buffers.Binary;

namespace DbProxy.Protocol.Responses;

/// <summary>
/// Answers one question about a stream of bytes from a server: has this response ended, and with what status? It also
/// edits, in place, the few packets that mean something else to the client than to the proxy: EOF packets where one
/// side has DEPRECATE_EOF and the other has not, and the session state that the proxy asked for and the client did not.
/// </summary>
/// <remarks>
/// Rows are never copied or looked into: a packet is skipped by its header. Only packets that can end something (OK,
/// ERR, EOF, the first of a result) must be complete in the buffer. One instance serves one connection, response after
/// response; it is not thread-safe.
/// </remarks>
public sealed class ResponseTracker
{
    private const int HeaderSize = PacketHeader.Size;
    private const int EofPacketSize = HeaderSize + 5;

    // COM_STMT_PREPARE_OK: marker, id, columns, parameters, filler, warnings, then whether definitions follow.
    private const int PreparedMetadataAt = 12;

    // MariaDB tells how far a long statement is in packets that look like errors, before the answer itself.
    private const ushort ProgressReport = 0xFFFF;

    private Stage _stage = Stage.Done;
    private ResponseTranslation _translation;
    private bool _prepare;

    /// <summary>Whether the present result holds OUT parameters, which an OK packet always follows.</summary>
    private bool _outParameters;
    private bool _cursor;
    private bool _leftOut;
    private bool _keepFirstRow;
    private bool _continues;
    private int _skip;
    private ulong _columns;
    private ushort _preparedColumns;
    private byte _lastSequence;
    private bool _renumber;
    private uint _statementId;

    private enum Stage : byte { First, Single, Text, Columns, ColumnsEnd, Rows, PrepareParameters, PrepareParametersEnd, Done }

    /// <summary>What the response said so far.</summary>
    public ResponseSummary Summary { get; } = new();

    /// <summary>The number of the packet passed on last, as the client sees it.</summary>
    public byte LastSequence => _lastSequence;

    /// <summary>
    /// How many packets more (or fewer, as a negative number modulo 256) the client has seen than the server sent: to
    /// be taken off the sequence ids of a client's LOCAL INFILE packets.
    /// </summary>
    public byte SequenceShift { get; private set; }

    /// <summary>Starts a response.</summary>
    /// <param name="shape">What the command asks for.</param>
    /// <param name="translation">What differs between the two sides.</param>
    /// <param name="keepFirstRow">Whether the first row is kept in the summary (for the proxy's own queries).</param>
    /// <param name="statementId">The id that the client gets for a prepared statement instead of the server's; 0: the server's.</param>
    /// <param name="numberFrom">The first packet's number for the client, where the server's own numbers say nothing
    /// (compression); null: they are right.</param>
    /// <param name="shift">How many packets of the same answer the client has got already.</param>
    public void Begin(
        ResponseShape shape, ResponseTranslation translation, bool keepFirstRow = false, uint statementId = 0, byte? numberFrom = null, byte shift = 0)
    {
        _renumber = numberFrom is not null;
        _lastSequence = (byte)(numberFrom - 1 ?? 0);
        _statementId = statementId;
        Summary.Reset();
        _translation = translation;
        _keepFirstRow = keepFirstRow;
        _prepare = shape == ResponseShape.Prepare;
        _cursor = shape == ResponseShape.CursorResults;
        _continues = false;
        _outParameters = false;
        _skip = 0;
        SequenceShift = shift;
        _stage = shape switch
        {
            ResponseShape.None => Stage.Done,
            ResponseShape.Single => Stage.Single,
            ResponseShape.Rows => Stage.Rows,
            ResponseShape.Text => Stage.Text,
            _ => Stage.First,
        };
    }

    /// <summary>After a local file: what the response goes on with is numbered behind the client's last packet.</summary>
    public void GoOnAfter(byte sequence) => _lastSequence = sequence;

    /// <summary>
    /// Goes on through the bytes from <paramref name="position"/> to <paramref name="end"/>. What lies before
    /// <paramref name="position"/> afterwards is ready for the client; what lies behind must be kept, followed by more.
    /// </summary>
    /// <param name="buffer">The buffer; editing may move bytes within it.</param>
    /// <param name="position">First byte not scanned yet; moves forward.</param>
    /// <param name="end">End of the bytes received; moves when editing removes or inserts bytes.</param>
    /// <exception cref="MalformedPacketException">The server broke the protocol; the connection is of no use any more.</exception>
    public ScanResult Scan(byte[] buffer, ref int position, ref int end)
    {
        while (true)
        {
            if (_skip > 0 && !SkipPayload(ref position, end))
            {
                return ScanResult.NeedMore;
            }

            if (_stage == Stage.Done)
            {
                return ScanResult.Complete;
            }

            if (_stage == Stage.Rows && !SkipRows(buffer, ref position, end))
            {
                return ScanResult.NeedMore;
            }

            if (_skip > 0)
            {
                continue;
            }

            if (_stage is Stage.ColumnsEnd or Stage.PrepareParametersEnd && InsertsEof)
            {
                switch (InsertEof(buffer, ref position, ref end))
                {
                    case null: continue;
                    case { } stop: return stop;
                }
            }

            int packet = end - position;
            if (packet < HeaderSize)
            {
                return ScanResult.NeedMore;
            }

            int length = PacketHeader.ReadLength(buffer.AsSpan(position));
            if (_continues || (_stage is Stage.Columns or Stage.PrepareParameters))
            {
                PassPacket(buffer, ref position, end, length);
                continue;
            }

            if (packet - HeaderSize < length)
            {
                return ScanResult.NeedMore;
            }

            if (Inspect(buffer, ref position, ref end, length) is { } result)
            {
                return result;
            }
        }
    }

    private bool InsertsEof => _translation.ServerDeprecatesEof && !_translation.ClientDeprecatesEof;

    private bool SkipPayload(ref int position, int end)
    {
        int count = Math.Min(_skip, end - position);
        position += count;
        _skip -= count;
        return _skip == 0;
    }

    /// <summary>Passes over whole rows; true when a packet that must be inspected, or a skip, stands at the position.</summary>
    private bool SkipRows(byte[] buffer, ref int position, int end)
    {
        int at = position;
        uint rows = 0;
        byte shift = SequenceShift;
        try
        {
            // A row needs its header and the first byte of its payload to be told from a terminator.
            while (end - at > HeaderSize)
            {
                int length = PacketHeader.ReadLength(buffer.AsSpan(at, HeaderSize));
                if (_continues || _keepFirstRow || length == 0 || length == PacketHeader.MaxPayload || buffer[at + HeaderSize] >= 0xFE)
                {
                    if (_continues || length == PacketHeader.MaxPayload)
                    {
                        rows += _continues ? 0u : 1u;
                        PassPacket(buffer, ref at, end, length);
                    }

                    return true;
                }

                if (_renumber)
                {
                    buffer[at + 3] = ++_lastSequence;
                }
                else
                {
                    buffer[at + 3] += shift;
                }

                rows++;
                at += HeaderSize + length;
                if (at > end)
                {
                    _skip = at - end;
                    at = end;
                    return false;
                }
            }

            // The empty packet that ends a payload of a multiple of 0xFFFFFF bytes has a header only.
            return _continues && end - at == HeaderSize;
        }
        finally
        {
            position = at;
            Summary.Rows += rows;
        }
    }

    private void PassPacket(byte[] buffer, ref int position, int end, int length)
    {
        _lastSequence = buffer[position + 3] = (byte)(_renumber ? _lastSequence + 1 : buffer[position + 3] + SequenceShift);
        _continues = length == PacketHeader.MaxPayload;
        int available = Math.Min(length, end - position - HeaderSize);
        position += HeaderSize + available;
        _skip = length - available;
        if (!_continues && _stage is Stage.Columns or Stage.PrepareParameters && --_columns == 0)
        {
            EndColumns();
        }
    }

    private void EndColumns()
    {
        _stage = _stage == Stage.Columns ? Stage.ColumnsEnd : Stage.PrepareParametersEnd;
        if (_prepare && _translation.ServerDeprecatesEof && _translation.ClientDeprecatesEof)
        {
            AfterPreparedDefinitions();
        }
        else if (_stage == Stage.ColumnsEnd && _translation.ServerDeprecatesEof && _translation.ClientDeprecatesEof)
        {
            _stage = Stage.Rows;
        }
    }

    /// <summary>The EOF that a client without DEPRECATE_EOF expects behind definitions; null when done.</summary>
    private ScanResult? InsertEof(byte[] buffer, ref int position, ref int end)
    {
        if (_cursor)
        {
            // A cursor's answer is columns and one terminator, which then serves as the EOF: look before inserting.
            if (end - position < HeaderSize + 1)
            {
                return ScanResult.NeedMore;
            }

            int length = PacketHeader.ReadLength(buffer.AsSpan(position));
            if (length is > 0 and < PacketHeader.MaxPayload && buffer[position + HeaderSize] == 0xFE)
            {
                if (end - position - HeaderSize < length)
                {
                    return ScanResult.NeedMore;
                }

                if (ResponsePackets.ReadOkStatus(buffer.AsSpan(position + HeaderSize, length)).HasFlag(ServerStatus.CursorExists))
                {
                    _stage = Stage.Rows;
                    return null;
                }
            }
        }

        if (buffer.Length - end < EofPacketSize)
        {
            return ScanResult.Flush;
        }

        buffer.AsSpan(position, end - position).CopyTo(buffer.AsSpan(position + EofPacketSize));
        ResponsePackets.WriteEof(buffer.AsSpan(position), ++_lastSequence, warnings: 0, _translation.Status);
        position += EofPacketSize;
        end += EofPacketSize;
        SequenceShift++;
        AfterDefinitions();
        return null;
    }

    private void AfterDefinitions()
    {
        if (_prepare)
        {
            AfterPreparedDefinitions();
        }
        else
        {
            _stage = Stage.Rows;
        }
    }

    private void AfterPreparedDefinitions()
    {
        bool columnsFollow = _stage == Stage.PrepareParametersEnd && _preparedColumns > 0;
        _columns = _preparedColumns;
        _stage = columnsFollow ? Stage.Columns : Stage.Done;
        if (columnsFollow && _leftOut)
        {
            EndColumns();
        }
    }

    /// <summary>Looks at one complete packet; null to go on with the next.</summary>
    private ScanResult? Inspect(byte[] buffer, ref int position, ref int end, int length)
    {
        ReadOnlySpan<byte> payload = buffer.AsSpan(position + HeaderSize, length);
        byte marker = length > 0 ? payload[0] : throw new MalformedPacketException("An empty packet where an answer should start.");
        switch (_stage)
        {
            case Stage.ColumnsEnd or Stage.PrepareParametersEnd:
                DefinitionsEof(buffer, ref position, ref end, payload);
                return null;
            case Stage.Rows when marker < 0xFE || length == PacketHeader.MaxPayload:
                KeepRow(payload);
                Summary.Rows++;
                PassPacket(buffer, ref position, end, length);
                return null;
        }

        if (marker == 0xFF)
        {
            ushort code = length >= 3 ? BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]) : (ushort)1105;
            PassPacket(buffer, ref position, end, length);
            if (code == ProgressReport)
            {
                return null;
            }

            Summary.ErrorCode = code;
            _stage = Stage.Done;
            return ScanResult.Complete;
        }

        return _stage switch
        {
            Stage.Text => EndText(buffer, ref position, end, length),
            Stage.Rows => EndResult(buffer, ref position, ref end, length),
            Stage.Single when marker is 0x00 or 0xFE => EndResult(buffer, ref position, ref end, length),
            Stage.First when marker == 0x00 && _prepare => BeginPrepared(buffer, ref position, end, length),
            Stage.First when marker == 0x00 => EndResult(buffer, ref position, ref end, length),
            Stage.First when marker == 0xFB && !_prepare => RequestFile(buffer, ref position, end, length),
            Stage.First when !_prepare => BeginColumns(buffer, ref position, end, length),
            _ => throw new MalformedPacketException($"A packet with marker 0x{marker:X2} where an OK or ERR packet should stand."),
        };
    }

    private void KeepRow(ReadOnlySpan<byte> payload)
    {
        if (_keepFirstRow)
        {
            Summary.KeepFirstRow(payload);
            _keepFirstRow = false;
        }
    }

    private ScanResult? EndText(byte[] buffer, ref int position, int end, int length)
    {
        PassPacket(buffer, ref position, end, length);
        _stage = Stage.Done;
        return ScanResult.Complete;
    }

    private ScanResult? RequestFile(byte[] buffer, ref int position, int end, int length)
    {
        PassPacket(buffer, ref position, end, length);
        return ScanResult.LocalInfile;
    }

    private ScanResult? BeginColumns(byte[] buffer, ref int position, int end, int length)
    {
        var reader = new PacketReader(buffer.AsSpan(position + HeaderSize, length));
        _columns = reader.ReadLengthEncodedInteger();
        if (_columns is 0 or > 0xFFFF)
        {
            throw new MalformedPacketException($"A result with {_columns} columns.");
        }

        Summary.HasRows = true;
        Summary.Rows = 0;
        bool leftOut = _translation.OptionalMetadata && reader.TryReadByte(out byte metadata) && metadata == 0;
        PassPacket(buffer, ref position, end, length);
        _stage = Stage.Columns;
        if (leftOut)
        {
            EndColumns();
        }

        return null;
    }

    private ScanResult? BeginPrepared(byte[] buffer, ref int position, int end, int length)
    {
        ReadOnlySpan<byte> payload = buffer.AsSpan(position + HeaderSize, length);
        Summary.SetPrepared(payload);
        _preparedColumns = BinaryPrimitives.ReadUInt16LittleEndian(payload[5..]);
        _leftOut = _translation.OptionalMetadata && length > PreparedMetadataAt && payload[PreparedMetadataAt] == 0;
        if (_statementId != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(position + HeaderSize + 1), _statementId);
        }

        PassPacket(buffer, ref position, end, length);
        _columns = Summary.Parameters > 0 ? Summary.Parameters : _preparedColumns;
        _stage = Summary.Parameters > 0 ? Stage.PrepareParameters : _preparedColumns > 0 ? Stage.Columns : Stage.Done;
        if (_leftOut && _stage != Stage.Done)
        {
            // Each EOF comes all the same.
            EndColumns();
        }

        return null;
    }

    /// <summary>The server's own EOF behind definitions: passed on, or taken out for a client with DEPRECATE_EOF.</summary>
    private void DefinitionsEof(byte[] buffer, ref int position, ref int end, ReadOnlySpan<byte> payload)
    {
        if (payload[0] != 0xFE || payload.Length != 5)
        {
            throw new MalformedPacketException("No EOF packet behind the definitions.");
        }

        ServerStatus status = ResponsePackets.ReadEofStatus(payload);
        _outParameters = status.HasFlag(ServerStatus.PsOutParams);
        if (status.HasFlag(ServerStatus.CursorExists))
        {
            _stage = Stage.Rows;
            return;
        }

        if (_translation.ClientDeprecatesEof)
        {
            ResponsePackets.Remove(buffer, position, EofPacketSize, ref end);
            SequenceShift--;
        }
        else
        {
            PassPacket(buffer, ref position, end, payload.Length);
        }

        AfterDefinitions();
    }

    /// <summary>An OK or EOF packet that ends a result: noted, translated, and the next result awaited or the end said.</summary>
    private ScanResult? EndResult(byte[] buffer, ref int position, ref int end, int length)
    {
        int size = ResponsePackets.Translate(buffer, position, length, ref end, _translation, Summary);
        if (size < 0)
        {
            return ScanResult.Flush;
        }

        int payload = position + HeaderSize;
        PassPacket(buffer, ref position, end, size);
        // MySQL announces what follows OUT parameters behind their columns only, and leaves the flag out behind their row.
        bool more = (Summary.Status.HasFlag(ServerStatus.MoreResultsExist) || _outParameters) && !_prepare;
        _outParameters = false;
        _stage = more ? Stage.First : Stage.Done;
        if (!more && _translation.MoreFollows)
        {
            ResponsePackets.AnnounceMore(buffer.AsSpan(payload, size));
        }

        return more ? null : ScanResult.Complete;
    }
}
