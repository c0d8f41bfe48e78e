using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>Rows around multiples of 0xFFFFFF bytes: the packet that continues them, even an empty one, ends nothing.</summary>
public sealed class LargeRowTests
{
    private static readonly Ending End = new(0, 0, ServerStatus.AutoCommit, 0, [], []);

    public static TheoryData<int, byte, bool> Rows()
    {
        var rows = new TheoryData<int, byte, bool>();
        foreach (int length in (int[])[PacketHeader.MaxPayload - 1, PacketHeader.MaxPayload, PacketHeader.MaxPayload + 1, 2 * PacketHeader.MaxPayload])
        {
            rows.Add(length, 0xFD, true);
            rows.Add(length, 0xFD, false);
            if (length >= PacketHeader.MaxPayload)
            {
                // A length of more than 16 MiB begins with the byte that also marks the end of rows.
                rows.Add(length, 0xFE, true);
                rows.Add(length, 0xFE, false);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Of_any_length_pass_unharmed(int length, byte first, bool deprecateEof)
    {
        byte[] row = new byte[length];
        row[0] = first;
        row[^1] = 0x77;
        var response = new Response(ResponseShape.Results, [new RowsResult([[1, 2]], [[5], row, row, [6]], 0, 0, End)]);
        var server = new Side(deprecateEof, false);
        var client = new Side(!deprecateEof, false);
        byte[] sent = ResponseEncoder.AsSent(response, server);
        byte[] expected = ResponseEncoder.AsSeen(response, server, client, ServerStatus.AutoCommit, 0);
        foreach (int chunk in (int[])[65_536 - 64, 16_777_219, int.MaxValue])
        {
            var tracker = new ResponseTracker();
            tracker.Begin(ResponseShape.Results, new(deprecateEof, !deprecateEof, false, false, ServerStatus.AutoCommit));
            var harness = new ScanHarness(tracker, chunk == int.MaxValue ? sent.Length + 64 : chunk + 64, 64);
            Assert.Equal(ScanResult.Complete, harness.Run(sent, () => chunk));
            Assert.True(expected.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(harness.Output)));
        }
    }

    [Fact]
    public void The_header_of_the_empty_continuation_may_arrive_alone()
    {
        byte[] row = new byte[PacketHeader.MaxPayload];
        var response = new Response(ResponseShape.Rows, [new RowsResult([], [row], 0, 0, End)]);
        byte[] sent = ResponseEncoder.AsSent(response, new(true, false));
        int afterRow = PacketHeader.Size + PacketHeader.MaxPayload;
        foreach (int cut in (int[])[afterRow, afterRow + 1, afterRow + 3, afterRow + 4, afterRow + 5, afterRow + 8])
        {
            var tracker = new ResponseTracker();
            tracker.Begin(ResponseShape.Rows, new(true, false, false, false, 0));
            int[] chunks = [cut, int.MaxValue];
            int next = 0;
            var harness = new ScanHarness(tracker, sent.Length + 64);
            Assert.Equal(ScanResult.Complete, harness.Run(sent, () => chunks[next++]));
            Assert.Equal(sent.Length - 2, harness.Output.Count);
        }
    }
}
