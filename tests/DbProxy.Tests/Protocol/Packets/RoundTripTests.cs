using System.Text;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;
using Xunit;

namespace DbProxy.Tests.Protocol.Packets;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData(SamplePackets.MySql, false)]
    [InlineData(SamplePackets.MariaDb, true)]
    public void Greeting(Capabilities capabilities, bool isMariaDb)
    {
        var sent = SamplePackets.Greeting(capabilities);
        var got = HandshakeV10.Parse(Framing.Payload(sent.Write));
        Assert.Equal(sent with { Nonce = got.Nonce }, got);
        Assert.Equal(sent.Nonce, got.Nonce);
        Assert.Equal(capabilities, got.Capabilities);
        Assert.Equal(isMariaDb, got.IsMariaDb);
        Assert.Equal(isMariaDb ? "10.11.19-MariaDB" : "9.7.0", got.PlainVersion);
    }

    [Fact]
    public void A_server_may_refuse_before_its_greeting_and_without_a_sqlstate()
    {
        byte[] packet = [0xFF, 0x10, 0x04, .. "Too many connections"u8];
        Assert.False(HandshakeV10.TryParse(packet, out _, out var error));
        Assert.Equal(new ErrPacket(1040, "HY000", "Too many connections"), error);
    }

    [Theory]
    [InlineData(SamplePackets.MySql)]
    [InlineData(SamplePackets.MariaDb)]
    [InlineData(SamplePackets.MySql & ~Capabilities.PluginAuthLenencData)]
    [InlineData(SamplePackets.MySql | Capabilities.ZstdCompression)]
    [InlineData(Capabilities.Protocol41 | Capabilities.LongPassword | Capabilities.SecureConnection)]
    public void Response(Capabilities capabilities)
    {
        var sent = SamplePackets.Response(capabilities) with { ZstdLevel = 3 };
        var got = HandshakeResponse.Parse(Framing.Payload(w => sent.Write(w, 1)));
        Assert.Equal(capabilities, got.Capabilities);
        Assert.Equal("app", Text(got.User));
        Assert.Equal(32, got.AuthResponse.Length);
        Assert.Equal(capabilities.HasFlag(Capabilities.ConnectWithDb) ? "shop" : "", Text(got.Schema));
        Assert.Equal(capabilities.HasFlag(Capabilities.PluginAuth) ? AuthPlugins.CachingSha2 : "", got.AuthPlugin);
        Assert.Equal(capabilities.HasFlag(Capabilities.ConnectAttributes) ? sent.Attributes.ToPairs() : [], got.Attributes.ToPairs());
        Assert.Equal(capabilities.HasFlag(Capabilities.ZstdCompression) ? 3 : 0, got.ZstdLevel);
    }

    [Fact]
    public void An_ssl_request_is_the_beginning_of_a_response()
    {
        var request = new SslRequest(SamplePackets.MariaDb, 1 << 24, 45);
        var packet = Framing.Payload(w => request.Write(w, 1));
        Assert.True(SslRequest.Is(packet));
        Assert.Equal(request, SslRequest.Parse(packet));
        Assert.False(SslRequest.Is(Framing.Payload(w => SamplePackets.Response(SamplePackets.MariaDb).Write(w, 1))));
    }

    [Fact]
    public void Change_user()
    {
        var got = ChangeUser.Parse(Framing.Payload(w => SamplePackets.Change().Write(w, SamplePackets.MySql)), SamplePackets.MySql);
        Assert.Equal(("app", "shop", 255, AuthPlugins.NativePassword, 20),
            (Text(got.User), Text(got.Schema), got.CollationId, got.AuthPlugin, got.AuthResponse.Length));
        Assert.Equal([new("a", "b")], got.Attributes.ToPairs());
    }

    [Fact]
    public void Ok_tells_the_session_state()
    {
        var ok = OkPacket.Parse(SamplePackets.TrackedOk(), SamplePackets.MySql);
        Assert.Equal((3UL, 1000UL, 2), (ok.AffectedRows, ok.LastInsertId, ok.Warnings));
        Assert.Equal(ServerStatus.AutoCommit | ServerStatus.SessionStateChanged, ok.Status);
        Assert.Equal("info", Encoding.UTF8.GetString(ok.Info));
        Assert.Equal(
            ["SystemVariable:autocommit=ON", "Schema:=shop", "StateChange:=1",
                "Gtids:=3E11FA47-71CA-11E1-9E33-C80AA9429562:23", "TransactionState:=T_______"],
            Changes(ok));
    }

    [Fact]
    public void Several_variables_may_share_one_entry()
    {
        byte[] entry = [0, 8, 1, (byte)'a', 1, (byte)'1', 1, (byte)'b', 1, (byte)'2'];
        var packet = Framing.Payload(w => OkPacket.Write(w, 1, SamplePackets.MySql, 0, stateChanges: entry));
        Assert.Equal(["SystemVariable:a=1", "SystemVariable:b=2"], Changes(OkPacket.Parse(packet, SamplePackets.MySql)));
    }

    [Fact]
    public void Ok_at_the_end_of_rows_and_without_tracking()
    {
        var end = Framing.Payload(w => OkPacket.Write(w, 1, SamplePackets.MySql, ServerStatus.MoreResultsExist, endOfRows: true));
        Assert.Equal(0xFE, end[0]);
        Assert.True(end.Length < 9);
        Assert.Equal(ServerStatus.MoreResultsExist, OkPacket.Parse(end, SamplePackets.MySql).Status);

        var untracked = SamplePackets.MySql & ~Capabilities.SessionTrack;
        var plain = Framing.Payload(w => OkPacket.Write(w, 1, untracked, ServerStatus.SessionStateChanged, info: "text"u8,
            stateChanges: [1, 1, 0]));
        var ok = OkPacket.Parse(plain, untracked);
        Assert.Equal("text", Encoding.UTF8.GetString(ok.Info));
        Assert.Equal(ServerStatus.None, ok.Status);
        Assert.Empty(Changes(ok));
    }

    [Fact]
    public void Errors_with_and_without_sqlstate()
    {
        var error = new ErrPacket(MySqlErrors.UnknownDatabase, "Unknown database 'x'");
        Assert.Equal(error, ErrPacket.Parse(Framing.Payload(w => error.Write(w, 1))));
        Assert.Equal(error with { SqlState = "HY000" }, ErrPacket.Parse(Framing.Payload(w => error.Write(w, 1, Capabilities.None))));
        Assert.True(ErrPacket.IsProgressReport([0xFF, 0xFF, 0xFF, 1]));
        Assert.False(ErrPacket.IsProgressReport(Framing.Payload(w => error.Write(w, 1))));
    }

    [Fact]
    public void An_ed25519_nonce_may_end_with_a_zero_and_a_20_byte_one_is_terminated()
    {
        byte[] ed25519 = [.. Enumerable.Repeat((byte)9, 31), 0];
        var sent = new AuthSwitchRequest(AuthPlugins.Ed25519, ed25519);
        Assert.Equal(ed25519, AuthSwitchRequest.Parse(Framing.Payload(w => sent.Write(w, 2))).Nonce.ToArray());

        var nonce = Nonce.Create();
        var native = AuthSwitchRequest.ForNonce(AuthPlugins.NativePassword, nonce);
        Assert.Equal(nonce, AuthSwitchRequest.Parse(Framing.Payload(w => native.Write(w, 2))).Nonce.ToArray());
        Assert.True(AuthSwitchRequest.IsOldAuthentication([0xFE]));
    }

    [Theory]
    [InlineData(SamplePackets.MySql)]
    [InlineData(SamplePackets.MySql | Capabilities.OptionalResultsetMetadata)]
    public void Prepare_ok_and_its_id(Capabilities capabilities)
    {
        var sent = new StmtPrepareOk(0x01020304, 5, 6, 7);
        var packet = Framing.Payload(w => sent.Write(w, 1, capabilities));
        Assert.Equal(sent, StmtPrepareOk.Parse(packet, capabilities));
        StmtPrepareOk.ReplaceStatementId(packet, 99);
        Assert.Equal(99u, StmtPrepareOk.ReadStatementId(packet));
        Assert.Equal(sent with { StatementId = 99 }, StmtPrepareOk.Parse(packet, capabilities));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_text_result_ends_as_was_negotiated(bool deprecateEof)
    {
        var capabilities = deprecateEof ? SamplePackets.MySql : SamplePackets.MySql & ~Capabilities.DeprecateEof;
        using var writer = new PacketWriter();
        var next = TextResultSet.Write(writer, 1, capabilities, ServerStatus.AutoCommit, ["a", "b"], [["1", null], ["", "ü"]]);
        var packets = Framing.Split(writer.WrittenSpan);

        Assert.Equal(deprecateEof ? 6 : 7, packets.Count);
        Assert.Equal(Enumerable.Range(1, packets.Count).Select(i => (byte)i), packets.Select(p => p.Sequence));
        Assert.Equal(packets.Count + 1, next);
        Assert.Equal([2], packets[0].Payload);
        Assert.Equal("b", Text(ColumnDefinition.Parse(packets[2].Payload, capabilities).Name));
        Assert.Equal(!deprecateEof, EofPacket.Is(packets[3].Payload));
        Assert.Equal([1, (byte)'1', 0xFB], packets[^3].Payload);
        Assert.Equal([0, 2, 0xC3, 0xBC], packets[^2].Payload);
        var status = deprecateEof ? OkPacket.Parse(packets[^1].Payload, capabilities).Status : EofPacket.Parse(packets[^1].Payload).Status;
        Assert.Equal(ServerStatus.AutoCommit, status);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static List<string> Changes(OkPacket ok)
    {
        var list = new List<string>();
        foreach (var c in ok.StateChanges)
        {
            list.Add($"{c.Kind}:{Encoding.UTF8.GetString(c.Name)}={Encoding.UTF8.GetString(c.Value)}");
        }
        return list;
    }
}
