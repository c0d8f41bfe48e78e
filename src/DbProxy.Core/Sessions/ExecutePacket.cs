using System.Buffers.Binary;
using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Sessions;

/// <summary>
/// The packets that execute a prepared statement. The client sends the parameters' types once; the server connection may
/// have other ones.
/// </summary>
internal static class ExecutePacket
{
    private const byte CursorFlags = 0x07;

    /// <summary>Whether the client asks for a cursor.</summary>
    public static bool WantsCursor(ReadOnlySpan<byte> payload) =>
        payload.Length > ExecuteLayout.FlagsAt && (payload[ExecuteLayout.FlagsAt] & CursorFlags) != 0;

    /// <summary>The client's id of the statement; null: the packet is too short to have one.</summary>
    public static uint? ReadId(ReadOnlySpan<byte> payload) =>
        payload.Length >= ExecuteLayout.IdAt + 4 ? BinaryPrimitives.ReadUInt32LittleEndian(payload[ExecuteLayout.IdAt..]) : null;

    public static void WriteId(Span<byte> payload, uint id) => BinaryPrimitives.WriteUInt32LittleEndian(payload[ExecuteLayout.IdAt..], id);

    /// <summary>Notes the types if the packet has them; false: the packet is malformed.</summary>
    public static bool NoteTypes(ReadOnlySpan<byte> payload, PreparedStatement statement, bool attributes)
    {
        statement.BeginExecution();
        if (statement.Parameters == 0)
        {
            return payload.Length >= ExecuteLayout.HeadSize;
        }

        if (ExecuteLayout.Of(payload, statement.Parameters, attributes) is not { } layout)
        {
            return false;
        }

        if (payload[layout.TypesFlagAt] != 1)
        {
            // A server that was never told the types would read the values as garbage.
            return statement.Types.Length == 2 * statement.Parameters;
        }

        ReadOnlySpan<byte> types = payload[(layout.TypesFlagAt + 1)..];
        return layout.Named ? NoteNamedTypes(types, statement) : NotePlainTypes(types, statement);
    }

    /// <summary>As <see cref="NoteTypes"/>, of MariaDB's COM_STMT_BULK_EXECUTE.</summary>
    public static bool NoteBulkTypes(ReadOnlySpan<byte> payload, PreparedStatement statement) =>
        payload.Length >= ExecuteLayout.BulkTypesAt
        && (ExecuteLayout.BulkHasTypes(payload)
            ? NotePlainTypes(payload[ExecuteLayout.BulkTypesAt..], statement)
            : statement.Types.Length == 2 * statement.Parameters);

    private static bool NotePlainTypes(ReadOnlySpan<byte> rest, PreparedStatement statement)
    {
        int length = 2 * statement.Parameters;
        if (rest.Length < length)
        {
            return false;
        }

        if (!rest[..length].SequenceEqual(statement.Types))
        {
            statement.NoteTypes(rest[..length].ToArray());
        }

        return true;
    }

    /// <summary>The types without their names, and without those of the attributes behind them.</summary>
    private static bool NoteNamedTypes(ReadOnlySpan<byte> rest, PreparedStatement statement)
    {
        byte[]? types = null;
        try
        {
            var reader = new PacketReader(rest);
            for (int i = 0; i < statement.Parameters; i++)
            {
                ReadOnlySpan<byte> type = reader.ReadBytes(2);
                reader.ReadLengthEncodedBytes();
                if (types is null && statement.Types.Length > 0 && type.SequenceEqual(statement.Types.AsSpan(2 * i, 2)))
                {
                    continue;
                }

                types ??= statement.Types.Length > 0 ? [.. statement.Types] : new byte[2 * statement.Parameters];
                type.CopyTo(types.AsSpan(2 * i));
            }
        }
        catch (MalformedPacketException)
        {
            return false;
        }

        if (types is not null)
        {
            statement.NoteTypes(types);
        }

        return true;
    }

    /// <summary>The value of the only parameter, if it is a number or the text of one; null: it is not.</summary>
    public static long? ReadNumber(ReadOnlySpan<byte> payload, PreparedStatement statement, bool attributes)
    {
        if (ExecuteLayout.Of(payload, 1, attributes) is not { Named: false } layout || (payload[layout.TypesFlagAt - 1] & 1) != 0)
        {
            return null;
        }

        var reader = new PacketReader(payload[(layout.TypesFlagAt + 1 + (payload[layout.TypesFlagAt] == 1 ? 2 : 0))..]);
        try
        {
            return (ColumnType)statement.Types[0] switch
            {
                ColumnType.Tiny => reader.ReadByte(),
                ColumnType.Short => reader.ReadUInt16(),
                ColumnType.Long or ColumnType.Int24 => reader.ReadUInt32(),
                ColumnType.LongLong => (long)reader.ReadUInt64(),
                ColumnType.Double => (long)BitConverter.UInt64BitsToDouble(reader.ReadUInt64()),
                ColumnType.String or ColumnType.VarString or ColumnType.VarChar => long.TryParse(reader.ReadLengthEncodedBytes(), out long number) ? number : null,
                _ => null,
            };
        }
        catch (MalformedPacketException)
        {
            return null;
        }
    }

    /// <summary>Puts the server's id into the client's packet; false: the server also needs the types, see <see cref="WithTypes"/>.</summary>
    public static bool FitInPlace(PacketInput input, PreparedStatement statement, PreparedOnConnection.Entry entry, bool attributes)
    {
        Span<byte> payload = input.Payload;
        WriteId(payload, entry.ServerId);
        if (statement.Parameters == 0 || payload[0] == (byte)CommandKind.StmtSendLongData)
        {
            return true;
        }

        bool fits = ReferenceEquals(entry.Types, statement.Types) || entry.Types.AsSpan().SequenceEqual(statement.Types) || HasTypes(payload, statement, attributes);
        entry.Types = fits ? statement.Types : entry.Types;
        return fits;
    }

    private static bool HasTypes(ReadOnlySpan<byte> payload, PreparedStatement statement, bool attributes) => ExecuteLayout.IsBulk(payload)
        ? ExecuteLayout.BulkHasTypes(payload)
        : ExecuteLayout.Of(payload, statement.Parameters, attributes) is { } layout && payload[layout.TypesFlagAt] == 1;

    /// <summary>The packet written anew, with the types that the client does not send again and the server lacks.</summary>
    public static PacketWriter WithTypes(PacketInput input, PreparedStatement statement, PreparedOnConnection.Entry entry, bool attributes)
    {
        entry.Types = statement.Types;
        var writer = new PacketWriter();
        writer.Begin(0);
        ReadOnlySpan<byte> rest = input.Packet.Span;
        for (bool first = true; rest.Length >= PacketHeader.Size; first = false)
        {
            int length = PacketHeader.ReadLength(rest);
            ReadOnlySpan<byte> part = rest.Slice(PacketHeader.Size, length);
            rest = rest[(PacketHeader.Size + length)..];
            writer.WriteBytes(first ? WriteHeadWithTypes(writer, part, statement, attributes) : part);
        }

        writer.End();
        return writer;
    }

    /// <summary>Writes what goes up to the types and returns what follows.</summary>
    private static ReadOnlySpan<byte> WriteHeadWithTypes(
        PacketWriter writer, ReadOnlySpan<byte> payload, PreparedStatement statement, bool attributes)
    {
        if (ExecuteLayout.IsBulk(payload))
        {
            Span<byte> head = stackalloc byte[ExecuteLayout.BulkTypesAt];
            payload[..head.Length].CopyTo(head);
            ExecuteLayout.SetBulkTypes(head);
            writer.WriteBytes(head);
            writer.WriteBytes(statement.Types);
            return payload[head.Length..];
        }

        ExecuteLayout layout = ExecuteLayout.Of(payload, statement.Parameters, attributes)!.Value;
        writer.WriteBytes(payload[..layout.TypesFlagAt]);
        writer.WriteByte(1);
        for (int i = 0; i < statement.Parameters; i++)
        {
            writer.WriteBytes(statement.Types.AsSpan(2 * i, 2));
            if (layout.Named)
            {
                writer.WriteByte(0);
            }
        }

        return payload[(layout.TypesFlagAt + 1)..];
    }
}
