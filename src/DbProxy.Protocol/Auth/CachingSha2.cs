using System.Security.Cryptography;

namespace DbProxy.Protocol.Auth;

/// <summary>
/// caching_sha2_password, fast path: SHA256(password) XOR SHA256(SHA256(SHA256(password)) + nonce).
/// </summary>
/// <remarks>Source: MySQL internals manual, "Caching SHA-2 authentication".</remarks>
public static class CachingSha2
{
    /// <summary>Bytes of a response and of a stored hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Client: "send me the RSA public key".</summary>
    public const byte RequestPublicKey = 0x02;

    /// <summary>Server: the fast path succeeded; OK follows.</summary>
    public const byte FastAuthSuccess = 0x03;

    /// <summary>Server: the password itself is needed.</summary>
    public const byte PerformFullAuthentication = 0x04;

    /// <summary>What a server caches: SHA256(SHA256(password)).</summary>
    public static byte[] Store(ReadOnlySpan<byte> password) => SHA256.HashData(SHA256.HashData(password));

    /// <summary>A client's response; a single zero byte for an empty password, as MySQL's own client sends it.</summary>
    public static byte[] Scramble(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce)
    {
        if (password.IsEmpty)
        {
            return [0];
        }
        var response = SHA256.HashData(password);
        Xor(response, nonce, SHA256.HashData(response));
        return response;
    }

    /// <summary>Does the response tell of an empty password?</summary>
    public static bool IsEmptyPassword(ReadOnlySpan<byte> response) => response is [] or [0];

    /// <summary>Was the response made with the password that this hash was made of?</summary>
    public static bool Verify(ReadOnlySpan<byte> response, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> stored)
    {
        if (response.Length != Length || stored.Length != Length)
        {
            return false;
        }
        var candidate = response.ToArray();
        Xor(candidate, nonce, stored);
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(candidate), stored);
    }

    private static void Xor(Span<byte> value, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> stored)
    {
        // The other way round than in mysql_native_password: the nonce comes last.
        var mask = SHA256.HashData([.. stored, .. nonce]);
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= mask[i];
        }
    }
}
