using System.Security.Cryptography;

namespace DbProxy.Protocol.Auth;

/// <summary>mysql_native_password: SHA1(password) XOR SHA1(nonce + SHA1(SHA1(password))).</summary>
/// <remarks>Source: MySQL internals manual, "Secure Password Authentication".</remarks>
public static class NativePassword
{
    /// <summary>Bytes of a response and of a stored hash.</summary>
    public const int Length = SHA1.HashSizeInBytes;

    /// <summary>What a server stores: SHA1(SHA1(password)).</summary>
    public static byte[] Store(ReadOnlySpan<byte> password) => SHA1.HashData(SHA1.HashData(password));

    /// <summary>A client's response; empty for an empty password.</summary>
    public static byte[] Scramble(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce)
    {
        if (password.IsEmpty)
        {
            return [];
        }
        var response = SHA1.HashData(password);
        Xor(response, nonce, SHA1.HashData(response));
        return response;
    }

    /// <summary>Was the response made with the password that this hash was made of?</summary>
    public static bool Verify(ReadOnlySpan<byte> response, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> stored)
    {
        if (response.Length != Length || stored.Length != Length)
        {
            return false;
        }
        var candidate = response.ToArray();
        Xor(candidate, nonce, stored);
        return CryptographicOperations.FixedTimeEquals(SHA1.HashData(candidate), stored);
    }

    private static void Xor(Span<byte> value, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> stored)
    {
        var mask = SHA1.HashData([.. nonce, .. stored]);
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= mask[i];
        }
    }
}
