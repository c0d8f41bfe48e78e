using System.Text;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using DbProxy.Tests.Protocol.Packets;
using Xunit;

namespace DbProxy.Tests.Protocol.Login;

public sealed class ServerLoginTests
{
    private const Capabilities Offered = SamplePackets.MySql | Capabilities.Compress | Capabilities.MultiFactorAuth;

    private static readonly ServerLoginOptions Options = new()
    {
        User = "app"u8.ToArray(), Password = "secret"u8.ToArray(), Capabilities = Capabilities.DeprecateEof
            | Capabilities.Compress | Capabilities.MultiStatements | Capabilities.MariaDbCacheMetadata,
    };

    [Fact]
    public void Each_plugin_in_any_order_is_answered()
    {
        using var rsa = RsaKeyPair.Create();
        var server = new ScriptedServer(Options with { Tls = TlsMode.Disabled }, Offered & ~Capabilities.Ssl);
        var nonce = Nonce.Create();
        byte[] longNonce = [.. Enumerable.Range(1, 31).Select(i => (byte)i), 0];

        Assert.True(CachingSha2.Verify(server.Response!.AuthResponse.Span, server.Nonce, CachingSha2.Store("secret"u8)));
        Assert.Equal([CachingSha2.RequestPublicKey], server.More([CachingSha2.PerformFullAuthentication])!);
        Assert.Equal("secret"u8.ToArray(), rsa.Decrypt(server.More(rsa.PublicKeyPem), server.Nonce));

        Assert.True(NativePassword.Verify(server.Switch(AuthPlugins.NativePassword, nonce), nonce, NativePassword.Store("secret"u8)));
        Assert.Equal([1], server.Switch(AuthPlugins.Sha256, nonce)!);
        Assert.Equal("secret"u8.ToArray(), rsa.Decrypt(server.More(rsa.PublicKeyPem), nonce));
        Assert.Equal(Ed25519Signer.Sign("secret"u8, longNonce),
            server.Send(w => new AuthSwitchRequest(AuthPlugins.Ed25519, longNonce).Write(w, server.NextSequence)));
        Assert.Equal(CachingSha2.Scramble("secret"u8, nonce), server.Switch(AuthPlugins.CachingSha2, nonce));
        Assert.Null(server.More([CachingSha2.FastAuthSuccess]));
        Assert.Null(server.Send(w => OkPacket.Write(w, server.NextSequence, server.Login.Negotiated, ServerStatus.AutoCommit)));
        Assert.Equal(LoginStep.Completed, server.Step);
        Assert.Equal(ServerStatus.AutoCommit, server.Login.Status);
    }

    [Fact]
    public void Over_tls_the_password_travels_itself_and_nothing_before_tls()
    {
        var server = new ScriptedServer(Options, Offered);
        Assert.True(server.Login.IsTls);
        Assert.Equal(32, server.BeforeTls!.Length);
        Assert.Equal(-1, server.BeforeTls.AsSpan().IndexOf("app"u8));
        Assert.Equal("secret\0"u8.ToArray(), server.More([CachingSha2.PerformFullAuthentication]));
        Assert.Equal("secret\0"u8.ToArray(), server.Switch(AuthPlugins.Sha256, Nonce.Create()));
    }

    [Fact]
    public void Clear_text_needs_both_permission_and_tls()
    {
        Assert.Null(new ScriptedServer(Options, Offered).Switch(AuthPlugins.ClearPassword, Nonce.Create(), LoginStep.Failed));
        var allowed = Options with { AllowClearPassword = true };
        Assert.Equal("secret\0"u8.ToArray(), new ScriptedServer(allowed, Offered).Switch(AuthPlugins.ClearPassword, Nonce.Create()));
        var plain = new ScriptedServer(allowed, Offered & ~Capabilities.Ssl);
        Assert.Null(plain.Switch(AuthPlugins.ClearPassword, Nonce.Create(), LoginStep.Failed));
        Assert.Contains("TLS", plain.Login.Error!.Message);
    }

    [Fact]
    public void Without_leave_to_fetch_the_key_the_password_stays_here()
    {
        var server = new ScriptedServer(Options with { AllowPublicKeyRetrieval = false }, Offered & ~Capabilities.Ssl);
        Assert.Null(server.More([CachingSha2.PerformFullAuthentication], LoginStep.Failed));
        Assert.Contains("RSA", server.Login.Error!.Message);
        Assert.False(server.Login.IsServerError);
    }

    [Theory]
    [InlineData(new byte[] { 0xFE }, "mysql_old_password")]
    [InlineData(new byte[] { 0x02, (byte)'x', 0 }, "several authentication factors, the next by 'x'")]
    [InlineData(new byte[] { 0x77 }, "malformed")]
    [InlineData(new byte[] { 0x01, 0x55 }, "doesn't expect")]
    public void What_isnt_supported_is_refused_by_name(byte[] packet, string reason)
    {
        var server = new ScriptedServer(Options, Offered);
        Assert.Null(server.Raw(packet, LoginStep.Failed));
        Assert.Contains(reason, server.Login.Error!.Message);
    }

    [Fact]
    public void An_unknown_plugin_is_named()
    {
        var server = new ScriptedServer(Options, Offered);
        Assert.Null(server.Switch("dialog", Nonce.Create(), LoginStep.Failed));
        Assert.Contains("'dialog'", server.Login.Error!.Message);
    }

    [Fact]
    public void A_default_plugin_that_isnt_known_is_answered_by_another_one()
    {
        var server = new ScriptedServer(Options, Offered, "authentication_webauthn_client");
        Assert.Equal(AuthPlugins.NativePassword, server.Response!.AuthPlugin);
    }

    [Fact]
    public void A_login_without_end_is_ended()
    {
        var server = new ScriptedServer(Options, Offered);
        for (var i = 0; server.Step == LoginStep.NeedMore; i++)
        {
            Assert.True(i < 100);
            server.Switch(AuthPlugins.NativePassword, Nonce.Create(), null);
        }
        Assert.Contains("didn't end the login", server.Login.Error!.Message);
    }

    [Fact]
    public void The_servers_own_error_is_kept()
    {
        var login = new ServerLogin(Options);
        using var reply = new PacketWriter();
        Assert.Equal(LoginStep.Failed, login.Receive([0xFF, 0x10, 0x04, .. "Too many connections"u8], 0, reply));
        Assert.True(login.IsServerError);
        Assert.Equal(1040, login.Error!.Code);
        Assert.Equal(0, reply.WrittenCount);
    }

    [Fact]
    public void Required_tls_isnt_given_up()
    {
        var login = new ServerLogin(Options with { Tls = TlsMode.Required });
        using var reply = new PacketWriter();
        var greeting = SamplePackets.Greeting(Offered & ~Capabilities.Ssl);
        Assert.Equal(LoginStep.Failed, login.Receive(Framing.Payload(greeting.Write), 0, reply));
        Assert.Equal(3159, login.Error!.Code);
        Assert.Equal(0, reply.WrittenCount);
    }

    [Theory]
    [InlineData(SamplePackets.MySql, false)]
    [InlineData(SamplePackets.MariaDb, true)]
    public void Capabilities_are_the_intersection(Capabilities server, bool cachesMetadata)
    {
        var scripted = new ScriptedServer(Options with { Schema = "shop"u8.ToArray() }, server | Capabilities.Compress);
        var negotiated = scripted.Login.Negotiated;
        Assert.Equal(negotiated, scripted.Response!.Capabilities);
        Assert.Equal(cachesMetadata, negotiated.HasFlag(Capabilities.MariaDbCacheMetadata));
        Assert.Equal(Capabilities.None, negotiated & (Capabilities.Compress | Capabilities.MultiStatements | Capabilities.SessionTrack));
        Assert.True(negotiated.HasFlag(Capabilities.ConnectWithDb | Capabilities.DeprecateEof | Capabilities.Ssl));
        Assert.Equal("shop", Encoding.UTF8.GetString(scripted.Response.Schema.Span));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("secret", false)]
    [InlineData("secret", true)]
    [InlineData("wrong", false)]
    [InlineData("wrong", true)]
    public void Logs_in_to_the_machine_that_admits_clients(string password, bool tls)
    {
        var right = password == "wrong" ? "secret" : password;
        var options = Options with { Password = Encoding.UTF8.GetBytes(password), Tls = tls ? TlsMode.Required : TlsMode.Disabled };
        foreach (var stored in new[] { null, new StoredCredential(Encoding.UTF8.GetBytes(right)) })
        {
            var login = BothMachines.Run(new ServerLogin(options), new TestProxy(right, stored, tls).Options, stored, right);
            Assert.Equal(password == right, login.Error is null);
            Assert.Equal(tls, login.IsTls);
        }
    }
}
