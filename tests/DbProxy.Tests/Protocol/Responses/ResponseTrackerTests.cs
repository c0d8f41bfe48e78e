using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>The tracker against the slow reference: any response, any split, any pair of capabilities.</summary>
public sealed class ResponseTrackerTests
{
    private const ServerStatus Inserted = ServerStatus.AutoCommit | ServerStatus.InTransaction;
    private const uint ClientStatementId = 0x01020304;

    private static readonly Gen<(Response Response, Side Server, Side Client)> Cases =
        Gen.Select(ResponseGen.Any, ResponseGen.AnySide, ResponseGen.AnySide);

    [Fact]
    public void Every_split_of_a_response_gives_what_the_reference_gives() => Cases.Sample(
        c =>
        {
            byte[] sent = ResponseEncoder.AsSent(c.Response, c.Server);
            for (int split = 1; split < sent.Length; split++)
            {
                int first = split;
                Check(c.Response, c.Server, c.Client, sent, 4096, () => Take(ref first));
            }
        },
        iter: 150);

    [Fact]
    public void Byte_by_byte_in_the_smallest_buffer_gives_what_the_reference_gives() => Cases.Sample(
        c => Check(c.Response, c.Server, c.Client, ResponseEncoder.AsSent(c.Response, c.Server), 16, () => 1), iter: 500);

    [Fact]
    public void Chunks_of_any_size_in_buffers_of_any_size_give_what_the_reference_gives() =>
        Gen.Select(Cases, Gen.Int[10, 700], Gen.Int[1, 300].Array[1, 8]).Sample(
            (c, block, chunks) =>
            {
                int next = 0;
                Check(c.Response, c.Server, c.Client, ResponseEncoder.AsSent(c.Response, c.Server), block, () => chunks[next++ % chunks.Length]);
            },
            iter: 3000);

    [Fact]
    public void One_tracker_serves_response_after_response() => Gen.Select(Cases.Array[2, 6], Gen.Int[1, 50]).Sample(
        (cases, chunk) =>
        {
            var tracker = new ResponseTracker();
            foreach (var (response, server, client) in cases)
            {
                Check(response, server, client, ResponseEncoder.AsSent(response, server), 64, () => chunk, tracker);
            }
        },
        iter: 200);

    [Fact]
    public void A_response_cut_short_is_never_taken_for_complete() => Cases.Sample(
        c =>
        {
            byte[] sent = ResponseEncoder.AsSent(c.Response, c.Server);
            for (int cut = 0; cut < sent.Length; cut++)
            {
                ResponseTracker tracker = Begin(c.Response, c.Server, c.Client, new());
                Assert.NotEqual(ScanResult.Complete, new ScanHarness(tracker, 256).Run(sent.AsSpan(0, cut), () => 37));
            }
        },
        iter: 100);

    [Fact]
    public void Bytes_behind_the_end_of_a_response_stay_where_they_are() => Cases.Sample(
        c =>
        {
            byte[] sent = [.. ResponseEncoder.AsSent(c.Response, c.Server), 1, 2, 3, 4, 5, 6, 7];
            var harness = new ScanHarness(Begin(c.Response, c.Server, c.Client, new()), 1 << 16);
            Assert.Equal(ScanResult.Complete, harness.Run(sent, () => sent.Length));
            Assert.Equal(7, harness.Unscanned);
        },
        iter: 300);

    /// <summary>As MySQL 9.7 sends it: only the EOF behind the columns says that more follows, the one behind the row does not.</summary>
    [Fact]
    public void An_ok_packet_follows_out_parameters_though_their_row_does_not_announce_it()
    {
        byte[] sent = Convert.FromHexString(
            "0100000101" + "1700000203646566000000016200" + "0C3F000B0000000300000000" + "00" + "05000003FE00000A10" + "06000004000015000000" + "05000005FE00000200" + "0700000600000002000000");
        var tracker = new ResponseTracker();
        tracker.Begin(ResponseShape.Results, ResponseTranslation.None(deprecateEof: false, sessionTrack: false));
        var harness = new ScanHarness(tracker, 1 << 12);
        Assert.Equal(ScanResult.Complete, harness.Run(sent, () => sent.Length));
        Assert.Equal(0, harness.Unscanned);
        Assert.Equal(sent, harness.Output);
    }

    private static void Check(
        Response response, Side server, Side client, byte[] sent, int block, Func<int> chunk, ResponseTracker? tracker = null)
    {
        tracker = Begin(response, server, client, tracker ?? new());
        var harness = new ScanHarness(tracker, block, poison: (byte)(block % 2 == 0 ? 0xFE : 0x00));
        Assert.Equal(ScanResult.Complete, harness.Run(sent, chunk));
        byte[] expected = ResponseEncoder.AsSeen(response, server, client, Inserted, ClientStatementId);
        if (!expected.AsSpan().SequenceEqual(harness.Output.ToArray()))
        {
            Assert.Fail($"{response}, server {server}, client {client}:\n{Convert.ToHexString(expected)}\n{Convert.ToHexString([.. harness.Output])}");
        }

        Assert.Equal(0, harness.Unscanned);
        SummaryCheck.Verify(response, server, tracker.Summary);
        if (response.Results.OfType<FileRequest>().Any())
        {
            int at = Array.FindIndex(response.Results, r => r is FileRequest);
            Response before = response with { Results = response.Results[..(at + 1)] };
            byte shift = (byte)(LastSequence(ResponseEncoder.AsSeen(before, server, client, Inserted, 0)) - LastSequence(ResponseEncoder.AsSent(before, server)));
            Assert.Equal([shift], harness.FileShifts);
        }
    }

    private static ResponseTracker Begin(Response response, Side server, Side client, ResponseTracker tracker)
    {
        tracker.Begin(
            response.Shape,
            new(server.DeprecateEof, client.DeprecateEof, server.SessionTrack, client.SessionTrack, Inserted, server.OptionalMetadata),
            statementId: ClientStatementId);
        return tracker;
    }

    private static byte LastSequence(byte[] bytes) => Framing.Split(bytes)[^1].Sequence;

    private static int Take(ref int first)
    {
        int count = first;
        first = int.MaxValue;
        return count;
    }
}
