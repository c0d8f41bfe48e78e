using DbProxy.Protocol;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>
/// The slow reference: writes a response packet by packet, either as a server sends it, or as the client must see it
/// when that server sent it through the proxy. Shares nothing with the tracker but the primitives of the wire.
/// </summary>
internal sealed class ResponseEncoder(Side server, Side? client, ServerStatus insertedStatus, uint clientStatementId)
{
    private readonly PacketWriter _bytes = new();
    private byte _sequence = 1;

    private Side Receiver => client ?? server;

    public static byte[] AsSent(Response response, Side server) => new ResponseEncoder(server, null, 0, 0).Encode(response);

    public static byte[] AsSeen(Response response, Side server, Side client, ServerStatus insertedStatus, uint statementId) =>
        new ResponseEncoder(server, client, insertedStatus, statementId).Encode(response);

    private byte[] Encode(Response response)
    {
        for (int i = 0; i < response.Results.Length; i++)
        {
            Write(response.Results[i], more: i < response.Results.Length - 1);
        }

        return _bytes.WrittenSpan.ToArray();
    }

    private void Write(Result result, bool more)
    {
        switch (result)
        {
            case OkResult ok: WriteOk(0x00, ok.Ending, more); break;
            case EofResult eof: WriteEnd(eof.Ending, more); break;
            case ErrResult error: WriteError(error.Code); break;
            case RowsResult rows: WriteRows(rows, more); break;
            case Prepared prepared: WritePrepared(prepared); break;
            case Progress progress:
                Packet(w => { w.WriteByte(0xFF); w.WriteUInt16(0xFFFF); w.WriteBytes([1, 1, 2, progress.Percent, 0, 0]); w.WriteLengthEncodedText("copying"); });
                break;
            case TextResult text: Packet(w => w.WriteBytes(text.Text)); break;
            case FileRequest file:
                Packet(w => { w.WriteByte(0xFB); w.WriteBytes(file.Name); });
                _sequence += (byte)file.ClientPackets;
                break;
        }
    }

    private void WriteRows(RowsResult rows, bool more)
    {
        if (rows.Columns.Length > 0)
        {
            Packet(w =>
            {
                w.WriteLengthEncodedInteger((ulong)rows.Columns.Length);
                WriteMetadataFlag(w, rows.LeftOut);
            });
            WriteDefinitions(rows.Columns, rows.EofStatus, rows.EofWarnings, hasEof: !rows.Cursor, rows.LeftOut);
        }

        foreach (byte[] row in rows.Rows)
        {
            Packet(w => w.WriteBytes(row));
        }

        if (rows.Ending is { } ending)
        {
            WriteEnd(ending, more);
        }
        else
        {
            WriteError(1317);
        }
    }

    private void WritePrepared(Prepared prepared)
    {
        Packet(w =>
        {
            w.WriteByte(0);
            w.WriteUInt32(client is null || clientStatementId == 0 ? prepared.Id : clientStatementId);
            w.WriteUInt16((ushort)prepared.Columns.Length);
            w.WriteUInt16((ushort)prepared.Parameters.Length);
            w.WriteByte(0);
            w.WriteUInt16(3);
            WriteMetadataFlag(w, prepared.LeftOut);
        });
        WriteDefinitions(prepared.Parameters, prepared.EofStatus, 0, hasEof: true, prepared.LeftOut);
        WriteDefinitions(prepared.Columns, prepared.EofStatus, 0, hasEof: true, prepared.LeftOut);
    }

    private void WriteMetadataFlag(PacketWriter writer, bool leftOut)
    {
        if (server.OptionalMetadata)
        {
            writer.WriteByte(leftOut ? (byte)0 : (byte)1);
        }
    }

    private void WriteDefinitions(byte[][] definitions, ServerStatus status, ushort warnings, bool hasEof, bool leftOut)
    {
        foreach (byte[] definition in leftOut && server.OptionalMetadata ? [] : definitions)
        {
            Packet(w => w.WriteBytes(definition));
        }

        if (definitions.Length > 0 && hasEof && !Receiver.DeprecateEof)
        {
            // What the server did not say the proxy says with the status that it knows.
            WriteEof(server.DeprecateEof ? insertedStatus : status, server.DeprecateEof ? (ushort)0 : warnings);
        }
    }

    private void WriteEnd(Ending ending, bool more)
    {
        if (!Receiver.DeprecateEof)
        {
            WriteEof(ending.Status | More(more), ending.Warnings);
        }
        else
        {
            // An EOF packet told the proxy no more than status and warnings.
            WriteOk(0xFE, server.DeprecateEof ? ending : new(0, 0, ending.Status, ending.Warnings, [], []), more);
        }
    }

    private void WriteOk(byte header, Ending ending, bool more)
    {
        StateEntry[] state = server.SessionTrack && Receiver.SessionTrack
            ? [.. ending.State.Where(e => client is null || e.SeenByClients)]
            : [];
        bool tells = state.Length > 0
            || (ending is { EmptyState: true, State.Length: 0 } && server.SessionTrack && Receiver.SessionTrack);
        Packet(w =>
        {
            w.WriteByte(header);
            w.WriteLengthEncodedInteger(ending.AffectedRows);
            w.WriteLengthEncodedInteger(ending.LastInsertId);
            w.WriteUInt16((ushort)(ending.Status | More(more) | (tells ? ServerStatus.SessionStateChanged : 0)));
            w.WriteUInt16(ending.Warnings);
            if (tells || ending.Info.Length > 0)
            {
                w.WriteLengthEncodedBytes(ending.Info);
                if (tells)
                {
                    w.WriteLengthEncodedBytes(Encode(state));
                }
            }
        });
    }

    public static byte[] Encode(IEnumerable<StateEntry> state)
    {
        var writer = new PacketWriter();
        foreach (StateEntry entry in state)
        {
            writer.WriteByte(entry.Kind);
            writer.WriteLengthEncodedBytes(entry.Data);
        }

        return writer.WrittenSpan.ToArray();
    }

    private void WriteEof(ServerStatus status, ushort warnings) => Packet(w =>
    {
        w.WriteByte(0xFE);
        w.WriteUInt16(warnings);
        w.WriteUInt16((ushort)status);
    });

    private void WriteError(ushort code) => Packet(w =>
    {
        w.WriteByte(0xFF);
        w.WriteUInt16(code);
        w.WriteText("#HY000something went wrong");
    });

    private static ServerStatus More(bool more) => more ? ServerStatus.MoreResultsExist : ServerStatus.None;

    private void Packet(Action<PacketWriter> payload)
    {
        _bytes.Begin(_sequence);
        payload(_bytes);
        _sequence = _bytes.End();
    }
}
