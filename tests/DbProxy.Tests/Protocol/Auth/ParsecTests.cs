using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using DbProxy.Tests.Protocol.Login;
using Xunit;

namespace DbProxy.Tests.Protocol.Auth;

public sealed class ParsecTests
{
    private static readonly byte[] Salt = Convert.FromBase64String("lhXyNv1cIxpB8EnTxR7ON7S7");

    // MariaDB's release notes show the account of this password: 'P0:lhXyNv1cIxpB8EnTxR7ON7S7:1l3r…'.
    [Fact]
    public void A_password_and_its_salt_give_the_key_that_mariadb_stores() => Assert.Equal(
        "1l3rWRW1/jw45yrvYXB8eh02wzk7lcJcz4CMcWw2b+8",
        Convert.ToBase64String(Ed25519Signer.PublicKey(Parsec.Seed("MyPassword123!"u8, Salt, 0))).TrimEnd('='));

    [Fact]
    public void A_login_asks_for_the_salt_by_an_empty_packet_and_signs_both_nonces()
    {
        var server = new ScriptedServer(
            new ServerLoginOptions { User = "app"u8.ToArray(), Password = "MyPassword123!"u8.ToArray(), Tls = TlsMode.Disabled },
            Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuth, AuthPlugins.NativePassword);
        var nonce = new byte[Parsec.NonceLength];
        Array.Fill(nonce, (byte)7);
        Assert.Empty(server.Send(w => new AuthSwitchRequest(AuthPlugins.Parsec, nonce).Write(w, server.NextSequence), LoginStep.NeedMore)!);
        var answer = server.Raw([(byte)'P', 0, .. Salt], LoginStep.NeedMore)!;
        Assert.Equal(Parsec.AnswerLength, answer.Length);
        var clientNonce = answer[..Parsec.NonceLength];
        Assert.Equal(
            Ed25519Signer.Sign(Parsec.Seed("MyPassword123!"u8, Salt, 0), [.. nonce, .. clientNonce]), answer[Parsec.NonceLength..]);
    }

    [Theory]
    [InlineData(0x51, 0, 18)]
    [InlineData(0x50, 9, 18)]
    [InlineData(0x50, 0, 0)]
    public void A_derivation_that_is_not_known_or_too_dear_is_refused(byte kind, byte factor, int saltLength) =>
        Assert.Null(Parsec.Answer("p"u8, [kind, factor, .. new byte[saltLength]], new byte[32], new byte[32]));
}
