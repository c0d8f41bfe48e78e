using System.Security.Cryptography;

namespace DbProxy.Protocol.Auth;

/// <summary>
/// MariaDB's parsec (11.6 and later): the password stretched by PBKDF2 is the seed of an Ed25519 key, which signs the
/// server's nonce and one of the client's.
/// </summary>
/// <remarks>Source: MariaDB knowledge base, "Authentication Plugin - PARSEC".</remarks>
public static class Parsec
{
    /// <summary>Bytes of either side's nonce.</summary>
    public const int NonceLength = 32;

    /// <summary>Bytes of an answer: the client's nonce and the signature.</summary>
    public const int AnswerLength = NonceLength + Ed25519Signer.SignatureLength;

    /// <summary>The largest factor taken: 2^18 rounds, a quarter of a second. A server that asks for more wants to stall.</summary>
    public const int MaxFactor = 8;

    private const byte Pbkdf2 = (byte)'P';
    private const int BaseIterations = 1024;
    private const int SeedLength = 32;

    /// <summary>Answers the server's extended salt. Milliseconds of CPU: not on an I/O thread.</summary>
    /// <param name="password">The password.</param>
    /// <param name="extendedSalt">'P', the factor (1024 times two to the power of it rounds), the salt.</param>
    /// <param name="serverNonce">The server's 32 bytes.</param>
    /// <param name="clientNonce">32 random bytes of this side.</param>
    /// <returns>The answer, or null where the extended salt is of another kind.</returns>
    public static byte[]? Answer(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> extendedSalt, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> clientNonce)
    {
        if (extendedSalt is not [Pbkdf2, <= MaxFactor, _, ..])
        {
            return null;
        }
        var seed = Seed(password, extendedSalt[2..], extendedSalt[1]);
        byte[] answer = [.. clientNonce, .. Ed25519Signer.Sign(seed, [.. serverNonce, .. clientNonce])];
        CryptographicOperations.ZeroMemory(seed);
        return answer;
    }

    /// <summary>The seed of the key; its public half is what the server stores.</summary>
    public static byte[] Seed(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int factor) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, BaseIterations << factor, HashAlgorithmName.SHA512, SeedLength);
}
