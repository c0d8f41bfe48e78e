using DbProxy.Protocol;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Where things stand in the payload of COM_STMT_EXECUTE: id (4 bytes), flags (1), iterations (4), and with parameters
/// their number (only where query attributes were negotiated, which count as parameters), a NULL bitmap, a byte "types
/// follow", the types (2 bytes each, with attributes each with a name) and the values. In MariaDB's
/// COM_STMT_BULK_EXECUTE: id, flags (2), and the types where a flag says that they follow.
/// </summary>
/// <param name="Count">Parameters, the attributes among them.</param>
/// <param name="TypesFlagAt">Where the byte is that says whether types follow.</param>
/// <param name="Named">Whether each type has a name.</param>
internal readonly record struct ExecuteLayout(int Count, int TypesFlagAt, bool Named)
{
    public const int IdAt = 1;
    public const int FlagsAt = 5;

    /// <summary>Where the packet of a statement without parameters ends.</summary>
    public const int HeadSize = 10;

    /// <summary>Where the types begin in a bulk execution.</summary>
    public const int BulkTypesAt = 7;

    private const byte HasCount = 0x08;
    private const byte BulkSendsTypes = 0x80;

    public static bool IsBulk(ReadOnlySpan<byte> payload) => payload[0] == (byte)CommandKind.MariaDbBulkExecute;

    /// <summary>Whether a bulk execution brings the types.</summary>
    public static bool BulkHasTypes(ReadOnlySpan<byte> payload) => (payload[FlagsAt] & BulkSendsTypes) != 0;

    /// <summary>Turns the flag on.</summary>
    public static void SetBulkTypes(Span<byte> payload) => payload[FlagsAt] |= BulkSendsTypes;

    /// <summary>The layout of an execution that is no bulk; null: the packet is too short for its parameters.</summary>
    /// <param name="payload">The packet's payload.</param>
    /// <param name="parameters">The statement's parameters, at least one.</param>
    /// <param name="attributes">Whether query attributes were negotiated.</param>
    public static ExecuteLayout? Of(ReadOnlySpan<byte> payload, int parameters, bool attributes)
    {
        int count = parameters, bitmapAt = HeadSize;
        bool named = attributes && payload.Length > FlagsAt && (payload[FlagsAt] & HasCount) != 0;
        if (named && !ReadCount(payload, out count, out bitmapAt))
        {
            return null;
        }

        int flagAt = bitmapAt + ((count + 7) / 8);
        return count < parameters || payload.Length <= flagAt ? null : new ExecuteLayout(count, flagAt, named);
    }

    private static bool ReadCount(ReadOnlySpan<byte> payload, out int count, out int end)
    {
        (count, end) = (0, HeadSize + 1);
        if (payload.Length <= HeadSize)
        {
            return false;
        }

        // A statement has at most 0xFFFF parameters; with attributes three bytes hold any number that fits a packet.
        switch (payload[HeadSize])
        {
            case < 0xFB:
                count = payload[HeadSize];
                return true;
            case 0xFC when payload.Length >= HeadSize + 3:
                count = payload[HeadSize + 1] | (payload[HeadSize + 2] << 8);
                end = HeadSize + 3;
                return true;
            case 0xFD when payload.Length >= HeadSize + 4:
                count = payload[HeadSize + 1] | (payload[HeadSize + 2] << 8) | (payload[HeadSize + 3] << 16);
                end = HeadSize + 4;
                return true;
            default:
                return false;
        }
    }
}
