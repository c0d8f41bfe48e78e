using System.Security.Cryptography;
using System.Text;

namespace DbProxy.Protocol.Auth;

/// <summary>The RSA key that clients without TLS encrypt their password with. Safe for concurrent use.</summary>
public sealed class RsaKeyPair : IDisposable
{
    private readonly RSA _rsa;
    private readonly Lock _use = new();

    private RsaKeyPair(RSA rsa)
    {
        _rsa = rsa;
        PublicKeyPem = Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem() + "\n");
        EncryptedLength = rsa.KeySize / 8;
    }

    /// <summary>The public half as PEM text, as it is sent to clients.</summary>
    public byte[] PublicKeyPem { get; }

    /// <summary>Bytes of an encrypted password.</summary>
    public int EncryptedLength { get; }

    /// <summary>Makes a new key. Takes a tenth of a second or so: once a process, not on the data path.</summary>
    public static RsaKeyPair Create(int bits = 2048) => new(RSA.Create(bits));

    /// <summary>Reads a private key of PEM text.</summary>
    /// <exception cref="ArgumentException">No key is in it.</exception>
    /// <exception cref="CryptographicException">The key is damaged or encrypted.</exception>
    public static RsaKeyPair FromPem(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new RsaKeyPair(rsa);
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    /// <summary>Decrypts what a client sent. About a millisecond of CPU: not on an I/O thread.</summary>
    /// <returns>The password without its zero byte, or null where it wasn't encrypted with this key and nonce.</returns>
    public byte[]? Decrypt(ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> nonce)
    {
        byte[] text;
        try
        {
            // RSA instances don't promise thread safety.
            lock (_use)
            {
                text = _rsa.Decrypt(encrypted, RSAEncryptionPadding.OaepSHA1);
            }
        }
        catch (CryptographicException)
        {
            return null;
        }
        RsaPassword.Mask(text, nonce);
        var password = text is [.., 0] ? text[..^1] : null;
        CryptographicOperations.ZeroMemory(text);
        return password;
    }

    /// <summary>Frees the key.</summary>
    public void Dispose() => _rsa.Dispose();
}
