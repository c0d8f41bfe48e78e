using System.Buffers.Binary;
using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Protocol;

namespace DbProxy.Core.Sessions;

/// <summary>
/// COM_STMT_EXECUTE: id (4 bytes), flags (1), iterations (4), and with parameters a NULL bitmap, a flag "types follow",
/// the types (2 bytes each) and the values. The client sends types once; the server connection may have other ones.
/// </summary>
internal static class ExecutePacket
{
    private const int IdAt = 1;
    private const int FlagsAt = 5;
    private const int BitmapAt = 10;

    /// <summary>Whether the client asks for a cursor.</summary>
    public static bool WantsCursor(ReadOnlySpan<byte> payload) => payload.Length > FlagsAt && (payload[FlagsAt] & 0x07) != 0;

    /// <summary>The client's id of the statement; null: the packet is too short to have one.</summary>
    public static uint? ReadId(ReadOnlySpan<byte> payload) =>
        payload.Length >= IdAt + 4 ? BinaryPrimitives.ReadUInt32LittleEndian(payload[IdAt..]) : null;

    public static void WriteId(Span<byte> payload, uint id) => BinaryPrimitives.WriteUInt32LittleEndian(payload[IdAt..], id);

    /// <summary>Notes the types if the packet has them; false: the packet is malformed.</summary>
    public static bool NoteTypes(ReadOnlySpan<byte> payload, PreparedStatement statement)
    {
        if (statement.Parameters == 0)
        {
            return payload.Length >= BitmapAt;
        }

        int flagAt = FlagAt(statement);
        if (payload.Length <= flagAt)
        {
            return false;
        }

        if (payload[flagAt] != 1)
        {
            // A server that was never told the types would read the values as garbage.
            return statement.Types.Length == 2 * statement.Parameters;
        }

        if (payload.Length < flagAt + 1 + (2 * statement.Parameters))
        {
            return false;
        }

        ReadOnlySpan<byte> types = payload.Slice(flagAt + 1, 2 * statement.Parameters);
        if (!types.SequenceEqual(statement.Types))
        {
            statement.Types = types.ToArray();
        }

        return true;
    }

    /// <summary>Puts the server's id into the client's packet; false: the server also needs the types, see <see cref="WithTypes"/>.</summary>
    public static bool FitInPlace(PacketInput input, PreparedStatement statement, PreparedOnConnection.Entry entry)
    {
        Span<byte> payload = input.Payload;
        WriteId(payload, entry.ServerId);
        if (statement.Parameters == 0)
        {
            return true;
        }

        bool fits = payload[FlagAt(statement)] == 1
            || ReferenceEquals(entry.Types, statement.Types) || entry.Types.AsSpan().SequenceEqual(statement.Types);
        entry.Types = fits ? statement.Types : entry.Types;
        return fits;
    }

    /// <summary>The packet written anew, with the types that the client does not send again and the server lacks.</summary>
    public static PacketWriter WithTypes(PacketInput input, PreparedStatement statement, PreparedOnConnection.Entry entry)
    {
        entry.Types = statement.Types;
        int flagAt = FlagAt(statement);
        var writer = new PacketWriter();
        writer.Begin(0);
        ReadOnlySpan<byte> rest = input.Packet.Span;
        bool first = true;
        while (rest.Length >= PacketHeader.Size)
        {
            int length = PacketHeader.ReadLength(rest);
            ReadOnlySpan<byte> part = rest.Slice(PacketHeader.Size, length);
            rest = rest[(PacketHeader.Size + length)..];
            if (first)
            {
                writer.WriteBytes(part[..flagAt]);
                writer.WriteByte(1);
                writer.WriteBytes(statement.Types);
                part = part[(flagAt + 1)..];
                first = false;
            }

            writer.WriteBytes(part);
        }

        writer.End();
        return writer;
    }

    private static int FlagAt(PreparedStatement statement) => BitmapAt + ((statement.Parameters + 7) / 8);
}
