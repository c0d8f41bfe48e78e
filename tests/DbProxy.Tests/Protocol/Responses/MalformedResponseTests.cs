using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>A server that breaks the protocol gets one kind of exception, never a hang, another exception or a look past the end.</summary>
public sealed class MalformedResponseTests
{
    private static readonly Gen<ResponseShape> Shape = Gen.Enum<ResponseShape>();

    [Fact]
    public void Random_bytes_do_no_harm() => Gen.Select(Gen.Byte.Array[0, 200], Shape, ResponseGen.AnySide, ResponseGen.AnySide, Gen.Int[1, 60])
        .Sample(Survives, iter: 20_000);

    [Fact]
    public void Small_lengths_and_markers_do_no_harm() =>
        Gen.Select(
            Gen.OneOf(Gen.Byte[0, 9], ResponseGen.Constant<byte>(0xFB, 0xFC, 0xFD, 0xFE, 0xFF), Gen.Byte).Array[0, 120],
            Shape, ResponseGen.AnySide, ResponseGen.AnySide, Gen.Int[1, 60])
        .Sample(Survives, iter: 50_000);

    [Fact]
    public void Packets_of_random_markers_do_no_harm() =>
        Gen.Select(
            Gen.Select(ResponseGen.Constant<byte>(0, 1, 2, 0xFB, 0xFC, 0xFE, 0xFF), Gen.Byte.Array[0, 14], (m, rest) => (byte[])[m, .. rest]).Array[1, 8],
            Shape, ResponseGen.AnySide, ResponseGen.AnySide, Gen.Int[1, 60])
        .Sample(
            (payloads, shape, server, client, chunk) =>
            {
                byte sequence = 0;
                Survives([.. payloads.SelectMany(p => (byte[])[(byte)p.Length, 0, 0, ++sequence, .. p])], shape, server, client, chunk);
            },
            iter: 50_000);

    [Fact]
    public void A_damaged_response_does_no_harm() =>
        Gen.Select(ResponseGen.Any, ResponseGen.AnySide, ResponseGen.AnySide, Gen.Select(Gen.Int[0, 5000], Gen.Byte).Array[1, 3], Gen.Int[1, 60])
        .Sample(
            (response, server, client, damage, chunk) =>
            {
                byte[] sent = ResponseEncoder.AsSent(response, server);
                foreach (var (where, value) in damage)
                {
                    sent[where % sent.Length] = value;
                }

                Survives(sent, response.Shape, server, client, chunk);
            },
            iter: 20_000);

    [Fact]
    public void An_empty_packet_behind_a_cursors_columns_is_malformed_whatever_follows() =>
        // Its neighbour's length byte was once taken for the marker of a terminator.
        Assert.Throws<MalformedPacketException>(() => Run(
            [1, 0, 0, 1, 1, 1, 0, 0, 2, 7, 0, 0, 0, 3, 0xFE, 0, 0, 4, 1, 2, 3],
            ResponseShape.CursorResults, new(true, true), new(false, true), 100, 0));

    [Theory]
    [InlineData(ResponseShape.Single, new byte[] { 1, 0, 0, 1, 0x03 })]
    [InlineData(ResponseShape.Results, new byte[] { 1, 0, 0, 1, 0xFD })]
    [InlineData(ResponseShape.Results, new byte[] { 5, 0, 0, 1, 0xFE, 0, 0, 2, 0 })]
    [InlineData(ResponseShape.Results, new byte[] { 4, 0, 0, 1, 0xFD, 0, 0, 1 })]
    [InlineData(ResponseShape.Results, new byte[] { 0, 0, 0, 1 })]
    [InlineData(ResponseShape.Prepare, new byte[] { 8, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0 })]
    [InlineData(ResponseShape.Prepare, new byte[] { 1, 0, 0, 1, 0xFB })]
    [InlineData(ResponseShape.Rows, new byte[] { 2, 0, 0, 1, 0xFE, 0 })]
    public void Violations_are_named(ResponseShape shape, byte[] bytes) =>
        Assert.Throws<MalformedPacketException>(() => Run(bytes, shape, new(false, false), new(true, false), 100, 0));

    private static void Survives(byte[] bytes, ResponseShape shape, Side server, Side client, int chunk)
    {
        // A look behind the received bytes would make the two runs differ.
        Assert.Equal(Outcome(0x00), Outcome(0xFE));

        string Outcome(byte poison)
        {
            try
            {
                return Run(bytes, shape, server, client, chunk, poison);
            }
            catch (MalformedPacketException e)
            {
                return e.Message;
            }
        }
    }

    private static string Run(byte[] bytes, ResponseShape shape, Side server, Side client, int chunk, byte poison)
    {
        var tracker = new ResponseTracker();
        tracker.Begin(shape, new(server.DeprecateEof, client.DeprecateEof, server.SessionTrack, client.SessionTrack, 0), statementId: 9);
        var harness = new ScanHarness(tracker, 48, poison: poison);
        ScanResult result = harness.Run(bytes, () => chunk);
        return result + Convert.ToHexString([.. harness.Output]);
    }
}
