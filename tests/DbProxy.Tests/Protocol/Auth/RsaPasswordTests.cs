using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using Xunit;

namespace DbProxy.Tests.Protocol.Auth;

public sealed class RsaPasswordTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(213)]
    public void A_password_survives_the_key_and_the_nonce(int length)
    {
        using var key = RsaKeyPair.Create();
        var nonce = Nonce.Create();
        var password = Enumerable.Range(0, length).Select(i => (byte)(i + 1)).ToArray();
        Assert.True(RsaPassword.TryEncrypt(password, nonce, key.PublicKeyPem, out var encrypted));
        Assert.Equal(key.EncryptedLength, encrypted.Length);
        Assert.Equal(password, key.Decrypt(encrypted, nonce));
    }

    [Fact]
    public void Too_long_wrong_key_and_garbage_are_refused_without_an_exception()
    {
        using var key = RsaKeyPair.Create();
        using var other = RsaKeyPair.Create();
        var nonce = Nonce.Create();
        Assert.False(RsaPassword.TryEncrypt(new byte[214], nonce, key.PublicKeyPem, out _));
        Assert.True(RsaPassword.TryEncrypt("pw"u8, nonce, other.PublicKeyPem, out var encrypted));
        Assert.Null(key.Decrypt(encrypted, nonce));
        Assert.Null(key.Decrypt(new byte[3], nonce));
        Assert.Throws<MalformedPacketException>(() => RsaPassword.TryEncrypt("pw"u8, nonce, "no key"u8, out _));
    }
}
