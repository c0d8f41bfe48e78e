using System.Text;
using CsCheck;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using Xunit;

namespace DbProxy.Tests.Protocol.Auth;

public sealed class ScrambleTests
{
    private static readonly Gen<(byte[] Password, byte[] Other, byte[] Nonce)> Cases =
        Gen.Select(Gen.Byte.Array[1, 80], Gen.Byte.Array[1, 80], Gen.Byte.Array[20]);

    // Vectors of go-sql-driver/mysql's auth_test.go.
    [Theory]
    [InlineData("secret", "f490e76f66d9d86665ce54d98c78d0acfe2fb0b08b423da807144873d30b312c")]
    [InlineData("secret2", "abc3934a012cf342e876071c8ee202de51785b430258a7a0138bc79c4d800bc6")]
    public void Caching_sha2_gives_the_published_answer(string password, string expected)
    {
        byte[] nonce = [10, 47, 74, 111, 75, 73, 34, 48, 88, 76, 114, 74, 37, 13, 3, 80, 82, 2, 23, 21];
        var response = CachingSha2.Scramble(Encoding.UTF8.GetBytes(password), nonce);
        Assert.Equal(expected, Convert.ToHexStringLower(response));
    }

    [Fact]
    public void Native_gives_the_published_answer()
    {
        byte[] nonce = [70, 114, 92, 94, 1, 38, 11, 116, 63, 114, 23, 101, 126, 103, 26, 95, 81, 17, 24, 21];
        byte[] expected = [53, 177, 140, 159, 251, 189, 127, 53, 109, 252, 172, 50, 211, 192, 240, 164, 26, 48, 207, 45];
        Assert.Equal(expected, NativePassword.Scramble("secret"u8, nonce));
    }

    // SELECT PASSWORD('mypass'), from MySQL's manual of 5.x.
    [Fact]
    public void Native_stores_what_a_server_stores() =>
        Assert.Equal("6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4", Convert.ToHexString(NativePassword.Store("mypass"u8)));

    [Fact]
    public void Native_verifies_its_own_password_only() => Cases.Sample(c =>
    {
        var response = NativePassword.Scramble(c.Password, c.Nonce);
        Assert.True(NativePassword.Verify(response, c.Nonce, NativePassword.Store(c.Password)));
        Assert.Equal(c.Other.AsSpan().SequenceEqual(c.Password),
            NativePassword.Verify(response, c.Nonce, NativePassword.Store(c.Other)));
        Assert.False(NativePassword.Verify(response.AsSpan()[1..], c.Nonce, NativePassword.Store(c.Password)));
    });

    [Fact]
    public void Caching_sha2_verifies_its_own_password_only() => Cases.Sample(c =>
    {
        var response = CachingSha2.Scramble(c.Password, c.Nonce);
        Assert.True(CachingSha2.Verify(response, c.Nonce, CachingSha2.Store(c.Password)));
        Assert.Equal(c.Other.AsSpan().SequenceEqual(c.Password),
            CachingSha2.Verify(response, c.Nonce, CachingSha2.Store(c.Other)));
        Assert.False(CachingSha2.Verify([], c.Nonce, CachingSha2.Store(c.Password)));
    });

    [Fact]
    public void Empty_passwords_have_no_scramble()
    {
        Assert.Empty(NativePassword.Scramble([], Nonce.Create()));
        Assert.True(CachingSha2.IsEmptyPassword(CachingSha2.Scramble([], Nonce.Create())));
    }

    [Fact]
    public void Nonces_avoid_zero_dollar_and_repetition()
    {
        var nonces = Enumerable.Range(0, 500).Select(_ => Nonce.Create()).ToList();
        Assert.All(nonces, n => Assert.Equal(20, n.Length));
        Assert.DoesNotContain(nonces.SelectMany(n => n), b => b is 0 or (byte)'$' or > 127);
        Assert.Equal(nonces.Count, nonces.Select(Convert.ToHexString).Distinct().Count());
    }
}
