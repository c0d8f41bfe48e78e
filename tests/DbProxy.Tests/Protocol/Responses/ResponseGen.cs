using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>Random valid responses of every shape.</summary>
internal static class ResponseGen
{
    private const ServerStatus Ordinary =
        ServerStatus.InTransaction | ServerStatus.AutoCommit | ServerStatus.NoIndexUsed | ServerStatus.NoBackslashEscapes
        | ServerStatus.LastRowSent | ServerStatus.QueryWasSlow;

    private static readonly Gen<ServerStatus> Status = Gen.UShort.Select(bits => (ServerStatus)bits & Ordinary);

    private static readonly Gen<ulong> Number = Gen.OneOf(
        Gen.ULong[0, 250], Gen.ULong[251, 0xFFFF], Gen.ULong[0x10000, 0xFFFFFF], Gen.Const(ulong.MaxValue));

    private static readonly Gen<StateEntry> Entry = Gen.OneOf(
        Variable(Constant("autocommit", "time_zone", "character_set_client", "character_set_connection", "character_set_results"), seen: true),
        Variable(Constant("sql_mode", "last_gtid", "auto", "autocommit_", ""), seen: false),
        Gen.Byte.Array[0, 12].Select(name => new StateEntry(1, Text(name), SeenByClients: true)),
        Gen.Const(new StateEntry(2, Text("1"u8), SeenByClients: false)),
        Gen.Byte.Array[0, 300].Select(gtids => new StateEntry(3, [0, .. Text(gtids)], SeenByClients: false)),
        Gen.Const(new StateEntry(5, Text("T_______"u8), SeenByClients: true)));

    private static readonly Gen<Ending> Told = Gen.Select(
        Number, Number, Status, Gen.UShort, Gen.OneOf(Gen.Const(Array.Empty<byte>()), Gen.Byte.Array[1, 60], Gen.Byte.Array[251, 300]),
        Gen.OneOf(Gen.Const(Array.Empty<StateEntry>()), Entry.Array[1, 4]),
        (rows, id, status, warnings, info, state) => new Ending(rows, id, status, warnings, info, state));

    private static readonly Gen<Ending> End = Gen.Select(Told, Gen.Bool, (end, empty) => end with { EmptyState = empty && end.State.Length == 0 });

    private static readonly Gen<byte[]> Definition = Gen.Byte.Array[1, 20];

    // The first byte of a row is a length, NULL or 0x00; larger ones begin a row of 16 MiB or end the result.
    private static readonly Gen<byte[]> Row = Gen.Select(
        Gen.Byte[0, 0xFD], Gen.Byte.Array[0, 40], (first, rest) => (byte[])[first, .. rest]);

    private static readonly Gen<Result> Ok = End.Select(e => (Result)new OkResult(e));
    private static readonly Gen<Result> Err = Gen.UShort[1, 9999].Select(code => (Result)new ErrResult(code));

    private static readonly Gen<Result> Rows = Gen.Select(
        Definition.Array[1, 5], Row.Array[0, 6], Status, Gen.UShort[0, 9], End, Gen.Bool,
        (columns, rows, status, warnings, end, leftOut) => (Result)new RowsResult(columns, rows, status, warnings, end, LeftOut: leftOut));

    private static readonly Gen<Result> BrokenRows = Gen.Select(
        Definition.Array[1, 3], Row.Array[0, 6], Status,
        (columns, rows, status) => (Result)new RowsResult(columns, rows, status, 0, null));

    private static readonly Gen<Result[]> File = Gen.Select(
        Gen.Byte.Array[0, 20], Gen.Int[1, 5], Gen.OneOf(Ok, Err),
        (name, packets, end) => (Result[])[new FileRequest(name, packets), end]);

    private static readonly Gen<Result[]> Middle = Gen.OneOf(
        Ok.Array[1], Rows.Array[1], Ok.Select(ok => (Result[])[ok]),
        Gen.Select(Gen.Byte, Gen.OneOf(Ok, Rows), (percent, result) => (Result[])[new Progress(percent), new Progress(100), result]));

    private static readonly Gen<Result[]> Last = Gen.OneOf(Ok.Array[1], Rows.Array[1], BrokenRows.Array[1], Err.Array[1], File);

    private static readonly Gen<Response> Results = Gen.Select(
        Middle.Array[0, 4], Last, (first, last) => new Response(ResponseShape.Results, [.. first.SelectMany(r => r), .. last]));

    private static readonly Gen<Response> Cursor = Gen.Select(
        Definition.Array[1, 5], End,
        (columns, end) => new Response(
            ResponseShape.CursorResults,
            [new RowsResult(columns, [], 0, 0, end with { Status = end.Status | ServerStatus.CursorExists }, Cursor: true)]));

    private static readonly Gen<Response> Prepare = Gen.Select(
        Gen.UInt, Definition.Array[0, 4], Definition.Array[0, 4], Status, Gen.Bool,
        (id, parameters, columns, status, leftOut) =>
            new Response(ResponseShape.Prepare, [new Prepared(id, parameters, columns, status, leftOut)]));

    private static readonly Gen<Response> Fetch = Gen.Select(
        Row.Array[0, 8], End, Gen.Bool,
        (rows, end, broken) => new Response(ResponseShape.Rows, [new RowsResult([], rows, 0, 0, broken ? null : end)]));

    public static Gen<Response> Any { get; } = Gen.Frequency(
        (6, Results),
        (2, Results.Select(r => r with { Shape = ResponseShape.CursorResults })),
        (2, Cursor),
        (2, Prepare),
        (2, Fetch),
        (1, Ok.Select(ok => new Response(ResponseShape.Single, [ok]))),
        (1, End.Select(end => new Response(ResponseShape.Single, [new EofResult(end)]))),
        (1, Row.Select(text => new Response(ResponseShape.Text, [new TextResult(text)]))),
        (1, Gen.Select(
            Err, Constant(ResponseShape.Single, ResponseShape.Text, ResponseShape.Prepare, ResponseShape.Rows),
            (error, shape) => new Response(shape, [error]))));

    public static Gen<Side> AnySide { get; } = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, (eof, track, optional) => new Side(eof, track, optional));

    public static Gen<T> Constant<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<StateEntry> Variable(Gen<string> name, bool seen) => Gen.Select(name, Gen.Byte.Array[0, 30], (n, value) =>
        new StateEntry(0, [.. Text(System.Text.Encoding.ASCII.GetBytes(n)), .. Text(value)], seen));

    private static byte[] Text(ReadOnlySpan<byte> value)
    {
        var writer = new PacketWriter();
        writer.WriteLengthEncodedBytes(value);
        return writer.WrittenSpan.ToArray();
    }
}
