using DbProxy.Protocol;
using DbProxy.Protocol.Responses;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>One tracked change: its type byte and data as on the wire, and whether a client sees it by default.</summary>
internal sealed record StateEntry(byte Kind, byte[] Data, bool SeenByClients);

/// <summary>
/// What ends a result: the fields of an OK packet, of which an EOF packet carries two. With <c>EmptyState</c> a server that
/// has no state to tell says that it tells some, as MySQL does behind ROLLBACK AND CHAIN.
/// </summary>
internal sealed record Ending(
    ulong AffectedRows, ulong LastInsertId, ServerStatus Status, ushort Warnings, byte[] Info, StateEntry[] State, bool EmptyState = false);

/// <summary>One result of a response, as a server means it, before any encoding.</summary>
internal abstract record Result;

internal sealed record OkResult(Ending Ending) : Result;

/// <summary>As the answer to COM_SET_OPTION: an EOF, or an OK of header 0xFE.</summary>
internal sealed record EofResult(Ending Ending) : Result;

internal sealed record ErrResult(ushort Code) : Result;

/// <summary>Columns (none for COM_STMT_FETCH and COM_FIELD_LIST) and rows; an error in the middle instead of an ending.</summary>
internal sealed record RowsResult(
    byte[][] Columns, byte[][] Rows, ServerStatus EofStatus, ushort EofWarnings, Ending? Ending, bool Cursor = false,
    bool LeftOut = false) : Result;

internal sealed record FileRequest(byte[] Name, int ClientPackets) : Result;

internal sealed record Prepared(uint Id, byte[][] Parameters, byte[][] Columns, ServerStatus EofStatus, bool LeftOut = false) : Result;

/// <summary>How far a statement of MariaDB is: looks like an error, ends nothing.</summary>
internal sealed record Progress(byte Percent) : Result;

internal sealed record TextResult(byte[] Text) : Result;

/// <summary>A whole response; all but the last result announce that more follow (a file request is no result).</summary>
internal sealed record Response(ResponseShape Shape, Result[] Results)
{
    public override string ToString() => $"{Shape}: {string.Join(", ", Results.Select(r => r.GetType().Name))}";
}

/// <summary>What was negotiated with one peer.</summary>
internal readonly record struct Side(bool DeprecateEof, bool SessionTrack, bool OptionalMetadata = false);
