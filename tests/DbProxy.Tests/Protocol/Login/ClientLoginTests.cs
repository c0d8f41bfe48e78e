using System.Text;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using Xunit;

namespace DbProxy.Tests.Protocol.Login;

public sealed class ClientLoginTests
{
    private static readonly StoredCredential Known = new("secret"u8);

    [Fact]
    public void A_known_user_takes_the_fast_path_without_the_password()
    {
        var client = new TestClient("secret", AuthPlugins.CachingSha2, tls: false);
        var proxy = new TestProxy("secret", Known, offersTls: false);
        proxy.Admit(client);
        Assert.Equal([LoginStep.LookupUser, LoginStep.Accepted], proxy.Steps);
        Assert.Null(proxy.Login.Password);
        Assert.True(client.Admitted);
    }

    [Fact]
    public void An_unknown_user_without_tls_sends_the_password_under_the_rsa_key()
    {
        var proxy = new TestProxy("secret", null, offersTls: false);
        proxy.Admit(new TestClient("secret", AuthPlugins.CachingSha2, tls: false));
        Assert.Equal([LoginStep.LookupUser, LoginStep.NeedMore, LoginStep.NeedMore, LoginStep.DecryptPassword, LoginStep.VerifyPassword], proxy.Steps);
        Assert.Equal("secret"u8.ToArray(), proxy.Login.Password);
    }

    [Fact]
    public void A_client_that_has_the_rsa_key_doesnt_ask_for_it()
    {
        var proxy = new TestProxy("secret", null, offersTls: false);
        proxy.Admit(new TestClient("secret", AuthPlugins.CachingSha2, tls: false) { ServerKey = TestProxy.Rsa.PublicKeyPem });
        Assert.Equal([LoginStep.LookupUser, LoginStep.NeedMore, LoginStep.DecryptPassword, LoginStep.VerifyPassword], proxy.Steps);
    }

    [Fact]
    public void An_unknown_user_with_tls_sends_the_password_itself()
    {
        var proxy = new TestProxy("secret", null, offersTls: true);
        proxy.Admit(new TestClient("secret", AuthPlugins.CachingSha2, tls: true));
        Assert.Equal([LoginStep.UpgradeToTls, LoginStep.LookupUser, LoginStep.NeedMore, LoginStep.VerifyPassword], proxy.Steps);
        Assert.True(proxy.Login.IsTls);
        Assert.True(proxy.Login.Negotiated.HasFlag(Capabilities.Ssl));
    }

    [Fact]
    public void A_password_encrypted_with_another_key_is_refused()
    {
        using var other = RsaKeyPair.Create();
        var client = new TestClient("secret", AuthPlugins.CachingSha2, tls: false) { ServerKey = other.PublicKeyPem };
        new TestProxy("secret", null, offersTls: false).Admit(client);
        Assert.Equal(1045, client.Error!.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_native_only_client_is_admitted_with_a_configured_user(bool hides)
    {
        var client = new TestClient("secret", AuthPlugins.NativePassword, tls: false) { KnowsSha2 = false, HidesFirstAnswer = hides };
        new TestProxy("secret", new StoredCredential("secret"u8) { IsConfigured = true }, offersTls: false).Admit(client);
        Assert.True(client.Admitted);
        Assert.DoesNotContain(AuthPlugins.CachingSha2, client.Plugins);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_native_only_client_with_a_wrong_password_is_told_so(bool hides)
    {
        var client = new TestClient("wrong", AuthPlugins.NativePassword, tls: false) { KnowsSha2 = false, HidesFirstAnswer = hides };
        new TestProxy("secret", new StoredCredential("secret"u8) { IsConfigured = true }, offersTls: false).Admit(client);
        Assert.False(client.Closed);
        Assert.Equal(1045, client.Error!.Code);
    }

    [Fact]
    public void A_native_only_client_that_closes_leaves_a_reason_that_names_the_setting()
    {
        var client = new TestClient("secret", AuthPlugins.NativePassword, tls: false) { KnowsSha2 = false };
        var proxy = new TestProxy("secret", null, offersTls: false);
        proxy.Admit(client);
        Assert.True(client.Closed);
        Assert.Contains("configured under Users", proxy.Login.CloseMeans);
        Assert.Contains(AuthPlugins.NativePassword, proxy.Login.CloseMeans);
    }

    [Fact]
    public void A_client_that_closes_instead_of_sending_its_password_without_tls_leaves_a_reason()
    {
        using var reply = new PacketWriter();
        var login = AfterResponse(AuthPlugins.CachingSha2, reply);
        Assert.Null(login.CloseMeans);
        login.Offer(null, reply);
        Assert.Contains("--get-server-public-key", login.CloseMeans);
    }

    [Fact]
    public void A_client_that_answers_the_switch_with_something_else_is_told_the_setting()
    {
        using var reply = new PacketWriter();
        var login = AfterResponse(AuthPlugins.NativePassword, reply);
        login.Offer(null, reply);
        reply.Clear();
        Assert.Equal(LoginStep.Failed, login.Receive(new byte[20], 3, reply));
        Assert.Contains("configured under Users", ErrPacket.Parse(Framing.Split(reply.WrittenSpan).Single().Payload).Message);
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("wrong", false)]
    public void A_client_without_plugins_is_judged_by_its_native_answer(string password, bool admitted)
    {
        var old = TestClient.Wanted & ~(Capabilities.PluginAuth | Capabilities.PluginAuthLenencData);
        var client = new TestClient(password, AuthPlugins.NativePassword, tls: false) { Capabilities = old };
        new TestProxy("secret", Known, offersTls: false).Admit(client);
        Assert.Equal(admitted, client.Admitted);

        var stranger = new TestClient(password, AuthPlugins.NativePassword, tls: false) { Capabilities = old };
        new TestProxy("secret", null, offersTls: false).Admit(stranger);
        Assert.Contains("Users", stranger.Error!.Message);
    }

    [Fact]
    public void Only_what_was_announced_is_negotiated()
    {
        var proxy = new TestProxy("secret", Known, offersTls: false);
        proxy.Admit(new TestClient("secret", AuthPlugins.CachingSha2, tls: false)
        {
            Capabilities = (Capabilities)0xFFFF_FFFF & ~(Capabilities.Ssl | Capabilities.Compress | Capabilities.ZstdCompression),
        });
        Assert.Equal(Capabilities.None, proxy.Login.Negotiated & (Capabilities.LocalFiles
            | Capabilities.QueryAttributes | Capabilities.MultiFactorAuth | Capabilities.Ssl));
        Assert.True(proxy.Login.Negotiated.HasFlag(Capabilities.DeprecateEof | Capabilities.SessionTrack));
    }

    [Theory]
    [InlineData(Capabilities.Compress)]
    [InlineData(Capabilities.ZstdCompression)]
    public void Who_claims_a_compression_that_was_not_offered_is_refused(Capabilities claimed)
    {
        var client = new TestClient("secret", AuthPlugins.CachingSha2, tls: false) { Capabilities = TestClient.Wanted | claimed };
        new TestProxy("secret", Known, offersTls: false).Admit(client);
        Assert.Equal(1043, client.Error!.Code);
    }

    [Fact]
    public void Required_tls_refuses_a_plain_client_with_mysqls_code()
    {
        var client = new TestClient("secret", AuthPlugins.CachingSha2, tls: false);
        var proxy = new TestProxy("secret", Known, offersTls: true);
        new TestProxy("secret", Known, true) { Options = proxy.Options with { TlsRequired = true } }.Admit(client);
        Assert.Equal(3159, client.Error!.Code);
    }

    [Fact]
    public void Tls_that_isnt_offered_garbage_and_a_wrong_sequence_are_refused()
    {
        var options = new TestProxy("", null, offersTls: false).Options;
        Assert.Equal(1043, Refusal(options, Framing.Payload(w => new SslRequest(TestClient.Wanted | Capabilities.Ssl, 1, 45).Write(w, 1)), 1));
        Assert.Equal(1043, Refusal(options, "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), 1));
        Assert.Equal(1156, Refusal(options, Framing.Payload(w => SamplePackets().Write(w, 1)), 2));
    }

    [Fact]
    public void The_verdict_cannot_be_given_before_the_password_was_checked()
    {
        using var reply = new PacketWriter();
        var login = AfterResponse(AuthPlugins.CachingSha2, reply);
        Assert.Throws<InvalidOperationException>(() => login.Accept(reply, ServerStatus.AutoCommit));
        login.Offer(null, reply);
        Assert.Throws<InvalidOperationException>(() => login.Accept(reply, ServerStatus.AutoCommit));
        Assert.Throws<InvalidOperationException>(() => login.Offer(Known, reply));
    }

    [Fact]
    public void Every_cut_of_a_response_is_refused_or_parsed_but_never_throws()
    {
        var full = Framing.Payload(w => SamplePackets().Write(w, 1));
        for (var length = 0; length <= full.Length; length++)
        {
            var login = new ClientLogin(new TestProxy("", null, offersTls: true).Options);
            using var reply = new PacketWriter();
            login.WriteGreeting(reply);
            Assert.True(login.Receive(full.AsSpan()[..length], 1, reply) is LoginStep.Failed or LoginStep.LookupUser);
        }
    }

    private static HandshakeResponse SamplePackets() => Packets.SamplePackets.Response(TestClient.Wanted);

    private static ClientLogin AfterResponse(string plugin, PacketWriter reply)
    {
        var login = new ClientLogin(new TestProxy("", null, offersTls: false).Options);
        login.WriteGreeting(reply);
        var response = SamplePackets() with { AuthPlugin = plugin };
        Assert.Equal(LoginStep.LookupUser, login.Receive(Framing.Payload(w => response.Write(w, 1)), 1, reply));
        Assert.Equal("app", Encoding.UTF8.GetString(login.User.Span));
        return login;
    }

    private static ushort Refusal(ClientLoginOptions options, byte[] packet, byte sequence)
    {
        var login = new ClientLogin(options);
        using var reply = new PacketWriter();
        login.WriteGreeting(reply);
        reply.Clear();
        Assert.Equal(LoginStep.Failed, login.Receive(packet, sequence, reply));
        var sent = ErrPacket.Parse(Framing.Split(reply.WrittenSpan).Single().Payload);
        Assert.Equal(login.Error, sent);
        return sent.Code;
    }
}
