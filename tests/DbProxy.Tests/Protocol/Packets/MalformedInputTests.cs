using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;

namespace DbProxy.Tests.Protocol.Packets;

/// <summary>Whatever a peer sends, a parser returns or throws MalformedPacketException: nothing else.</summary>
public sealed class MalformedInputTests
{
    private static readonly Capabilities[] CapabilitySets =
    [
        Capabilities.None,
        Capabilities.Protocol41,
        Capabilities.Protocol41 | Capabilities.SessionTrack | Capabilities.SecureConnection,
        (Capabilities)ulong.MaxValue,
    ];

    private static readonly Dictionary<string, Action<byte[], Capabilities>> Parsers = new()
    {
        ["greeting"] = (p, c) => HandshakeV10.TryParse(p, out var greeting, out var error),
        ["ssl request"] = (p, _) => SslRequest.Parse(p),
        ["response"] = (p, c) => _ = HandshakeResponse.Parse(p).Attributes.ToPairs(),
        ["change user"] = (p, c) => _ = ChangeUser.Parse(p, c).Attributes.ToPairs(),
        ["auth switch"] = (p, c) => _ = AuthSwitchRequest.Parse(p).Nonce.Length,
        ["auth more data"] = (p, c) => _ = AuthMoreData.Parse(p).Length,
        ["ok"] = (p, c) =>
        {
            foreach (var change in OkPacket.Parse(p, c).StateChanges)
            {
                _ = change.Value.Length;
            }
        },
        ["err"] = (p, _) => ErrPacket.Parse(p),
        ["eof"] = (p, _) => EofPacket.Parse(p),
        ["prepare ok"] = (p, c) => StmtPrepareOk.Parse(p, c),
        ["statement id"] = (p, _) => { StmtPrepareOk.ReadStatementId(p); StmtPrepareOk.ReplaceStatementId(p, 1); },
        ["column"] = (p, c) => ColumnDefinition.Parse(p, c),
    };

    public static IEnumerable<TheoryDataRow<string>> ParserNames() => Parsers.Keys.Select(k => new TheoryDataRow<string>(k));

    [Theory]
    [MemberData(nameof(ParserNames))]
    public void Every_prefix_of_every_valid_packet_is_survived(string parser)
    {
        foreach (var packet in SamplePackets.All())
        {
            for (var length = 0; length <= packet.Length; length++)
            {
                Survives(parser, packet[..length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ParserNames))]
    public void Random_bytes_are_survived(string parser) =>
        Gen.Byte.Array[0, 120].Sample(bytes => Survives(parser, bytes));

    [Theory]
    [MemberData(nameof(ParserNames))]
    public void Valid_packets_with_one_byte_changed_are_survived(string parser) =>
        Gen.Select(Gen.Int[0, SamplePackets.All().Count - 1], Gen.Int[0, 1000], Gen.Byte).Sample((which, where, value) =>
        {
            var packet = SamplePackets.All()[which].ToArray();
            packet[where % packet.Length] = value;
            Survives(parser, packet);
        });

    private static void Survives(string parser, byte[] packet)
    {
        foreach (var capabilities in CapabilitySets)
        {
            try
            {
                Parsers[parser](packet, capabilities);
            }
            catch (MalformedPacketException)
            {
                // The one exception that is promised.
            }
        }
    }
}
