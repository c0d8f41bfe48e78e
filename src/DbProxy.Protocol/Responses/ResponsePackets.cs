using System.Buffers.Binary;

namespace DbProxy.Protocol.Responses;

/// <summary>The packets that end results, read and edited in place in a relay's buffer.</summary>
internal static class ResponsePackets
{
    // Header, two one-byte integers, status and warnings: a shorter 0xFE packet is an EOF, whatever was negotiated.
    private const int MinOkLength = 7;

    /// <summary>Status flags of an OK packet (header 0x00 or 0xFE).</summary>
    public static ServerStatus ReadOkStatus(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload[1..]);
        reader.ReadLengthEncodedInteger();
        reader.ReadLengthEncodedInteger();
        return (ServerStatus)reader.ReadUInt16();
    }

    /// <summary>Makes an OK or EOF packet say that another result follows.</summary>
    public static void AnnounceMore(Span<byte> payload)
    {
        int at = 3;
        if (payload.Length >= MinOkLength)
        {
            var reader = new PacketReader(payload[1..]);
            reader.ReadLengthEncodedInteger();
            reader.ReadLengthEncodedInteger();
            at = payload.Length - reader.Remaining;
        }

        payload[at] |= (byte)ServerStatus.MoreResultsExist;
    }

    /// <summary>Status flags of an EOF packet.</summary>
    public static ServerStatus ReadEofStatus(ReadOnlySpan<byte> payload) =>
        (ServerStatus)BinaryPrimitives.ReadUInt16LittleEndian(payload[3..]);

    /// <summary>Writes an EOF packet, header included (9 bytes).</summary>
    public static void WriteEof(Span<byte> destination, byte sequence, ushort warnings, ServerStatus status)
    {
        PacketHeader.Write(destination, 5, sequence);
        destination[4] = 0xFE;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[5..], warnings);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[7..], (ushort)status);
    }

    /// <summary>Takes <paramref name="count"/> bytes out of the buffer.</summary>
    public static void Remove(byte[] buffer, int position, int count, ref int end)
    {
        buffer.AsSpan(position + count, end - position - count).CopyTo(buffer.AsSpan(position));
        end -= count;
    }

    /// <summary>
    /// Notes what the packet at <paramref name="position"/> says and rewrites it for the client where the two sides
    /// differ. Returns the new payload length, or -1 when the buffer lacks the room.
    /// </summary>
    public static int Translate(
        byte[] buffer, int position, int length, ref int end, in ResponseTranslation translation, ResponseSummary summary)
    {
        Span<byte> payload = buffer.AsSpan(position + PacketHeader.Size, length);
        if (payload[0] == 0xFE && length < MinOkLength)
        {
            return TranslateEof(buffer, position, length, ref end, translation, summary);
        }

        Ok ok = ParseOk(payload, translation.ServerTracksSession);
        if (payload[0] == 0xFE && !translation.ClientDeprecatesEof)
        {
            Note(ok, summary);
            byte sequence = buffer[position + 3];
            Resize(buffer, position, length, 5, ref end);
            WriteEof(buffer.AsSpan(position), sequence, ok.Warnings, ok.Status & ~ServerStatus.SessionStateChanged);
            return 5;
        }

        Note(ok, summary);
        // One that says that it tells session state and tells none is as long as that for those only who track it.
        return ok.SessionState.IsEmpty && (translation.ClientTracksSession || !ok.TellsState) ? length : RewriteOk(buffer, position, length, ref end, ok, translation);
    }

    private static int TranslateEof(
        byte[] buffer, int position, int length, ref int end, in ResponseTranslation translation, ResponseSummary summary)
    {
        if (length != 5)
        {
            throw new MalformedPacketException("An EOF packet that is not 5 bytes long.");
        }

        ReadOnlySpan<byte> payload = buffer.AsSpan(position + PacketHeader.Size, length);
        ushort warnings = BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]);
        ServerStatus status = ReadEofStatus(payload);
        if (translation.ClientDeprecatesEof && !Resize(buffer, position, length, 7, ref end))
        {
            return -1;
        }

        summary.Warnings = warnings;
        summary.Status = status;
        summary.HasStatus = true;
        summary.HidesSessionState |= status.HasFlag(ServerStatus.SessionStateChanged);
        if (!translation.ClientDeprecatesEof)
        {
            return length;
        }

        Span<byte> ok = buffer.AsSpan(position + PacketHeader.Size, 7);
        ok[0] = 0xFE;
        ok[1] = ok[2] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(ok[3..], (ushort)status);
        BinaryPrimitives.WriteUInt16LittleEndian(ok[5..], warnings);
        PacketHeader.Write(buffer.AsSpan(position), 7, buffer[position + 3]);
        return 7;
    }

    /// <summary>Writes the OK packet again, with the part of the session state that the client would see without a proxy.</summary>
    private static int RewriteOk(byte[] buffer, int position, int length, ref int end, in Ok ok, in ResponseTranslation translation)
    {
        using var state = new PacketWriter();
        if (translation.ClientTracksSession)
        {
            (translation.Filter ?? SessionStateFilter.Default).Write(state, ok.SessionState);
        }

        using var packet = new PacketWriter();
        WriteOk(packet, buffer[position + 3], ok, state.WrittenSpan);
        ReadOnlySpan<byte> bytes = packet.WrittenSpan;
        int size = bytes.Length - PacketHeader.Size;
        if (!Resize(buffer, position, length, size, ref end))
        {
            throw new MalformedPacketException("An OK packet has lengths that are longer than they need to be.");
        }

        bytes.CopyTo(buffer.AsSpan(position));
        return size;
    }

    private static void WriteOk(PacketWriter packet, byte sequence, in Ok ok, ReadOnlySpan<byte> kept)
    {
        ServerStatus status = ok.Status & ~ServerStatus.SessionStateChanged;
        packet.Begin(sequence);
        packet.WriteByte(ok.Header);
        packet.WriteLengthEncodedInteger(ok.AffectedRows);
        packet.WriteLengthEncodedInteger(ok.LastInsertId);
        packet.WriteUInt16((ushort)(kept.IsEmpty ? status : status | ServerStatus.SessionStateChanged));
        packet.WriteUInt16(ok.Warnings);
        if (!kept.IsEmpty || !ok.Info.IsEmpty)
        {
            // With its length for every client: see OkPacket.
            packet.WriteLengthEncodedBytes(ok.Info);
            if (!kept.IsEmpty)
            {
                packet.WriteLengthEncodedBytes(kept);
            }
        }

        packet.End();
    }

    private static bool Resize(byte[] buffer, int position, int length, int newLength, ref int end)
    {
        int tail = position + PacketHeader.Size + length;
        int delta = newLength - length;
        if (end + delta > buffer.Length)
        {
            return false;
        }

        buffer.AsSpan(tail, end - tail).CopyTo(buffer.AsSpan(tail + delta));
        end += delta;
        return true;
    }

    private static void Note(in Ok ok, ResponseSummary summary)
    {
        summary.Status = ok.Status;
        summary.HasStatus = true;
        summary.AffectedRows = ok.AffectedRows;
        summary.Warnings = ok.Warnings;
        if (ok.LastInsertId != 0)
        {
            summary.LastInsertId = ok.LastInsertId;
        }

        if (!ok.SessionState.IsEmpty)
        {
            summary.AddSessionState(ok.SessionState);
        }
    }

    private static Ok ParseOk(ReadOnlySpan<byte> payload, bool tracksSession)
    {
        var reader = new PacketReader(payload[1..]);
        var ok = new Ok
        {
            Header = payload[0],
            AffectedRows = reader.ReadLengthEncodedInteger(),
            LastInsertId = reader.ReadLengthEncodedInteger(),
            Status = (ServerStatus)reader.ReadUInt16(),
            Warnings = reader.ReadUInt16(),
        };
        if (!tracksSession)
        {
            ok.Info = reader.Rest;
        }
        else if (reader.Remaining > 0)
        {
            ok.Info = reader.ReadLengthEncodedBytes();
            if (ok.Status.HasFlag(ServerStatus.SessionStateChanged) && reader.Remaining > 0)
            {
                ok.TellsState = true;
                ok.SessionState = reader.ReadLengthEncodedBytes();
            }
        }

        return ok;
    }

    private ref struct Ok
    {
        public byte Header;
        public ulong AffectedRows;
        public ulong LastInsertId;
        public ServerStatus Status;
        public ushort Warnings;
        public ReadOnlySpan<byte> Info;
        public ReadOnlySpan<byte> SessionState;

        /// <summary>Whether it has a place for session state, be it empty.</summary>
        public bool TellsState;
    }
}
