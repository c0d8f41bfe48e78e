using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace DbProxy.Protocol.Auth;

/// <summary>
/// The password under a server's RSA key: (password + zero byte) XOR nonce (repeated), encrypted with OAEP-SHA1.
/// </summary>
public static class RsaPassword
{
    /// <summary>Encrypts for the owner of a public key. Takes tens of microseconds.</summary>
    /// <param name="password">The password.</param>
    /// <param name="nonce">The login's nonce.</param>
    /// <param name="publicKeyPem">The key as PEM text, "BEGIN PUBLIC KEY".</param>
    /// <param name="encrypted">The result; null where the password is too long for the key (214 bytes with 2048 bits).</param>
    /// <exception cref="MalformedPacketException">The key can't be read.</exception>
    public static bool TryEncrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> publicKeyPem,
        [NotNullWhen(true)] out byte[]? encrypted)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Encoding.ASCII.GetString(publicKeyPem));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            MalformedPacketException.Throw("The server's RSA public key can't be read.");
        }
        var masked = Mask([.. password, 0], nonce);
        const int oaepSha1Overhead = 2 * SHA1.HashSizeInBytes + 2;
        encrypted = masked.Length <= rsa.KeySize / 8 - oaepSha1Overhead
            ? rsa.Encrypt(masked, RSAEncryptionPadding.OaepSHA1)
            : null;
        CryptographicOperations.ZeroMemory(masked);
        return encrypted is not null;
    }

    internal static byte[] Mask(byte[] text, ReadOnlySpan<byte> nonce)
    {
        for (var i = 0; i < text.Length && !nonce.IsEmpty; i++)
        {
            text[i] ^= nonce[i % nonce.Length];
        }
        return text;
    }
}
