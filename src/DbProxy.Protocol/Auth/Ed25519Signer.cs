using System.Numerics;
using System.Security.Cryptography;

namespace DbProxy.Protocol.Auth;

/// <summary>Ed25519 signatures (RFC 8032) for MariaDB's client_ed25519, whose seed is the password, of any length.</summary>
/// <remarks>
/// An own implementation because libraries take a seed of exactly 32 bytes, and the SHA-512 of it is where MariaDB's
/// variant starts. BigInteger arithmetic doesn't run in constant time. That is accepted: the proxy signs only when it
/// opens a connection to a server of its own configuration, a fresh nonce each time, and what a remote observer could
/// time is a network round trip with a millisecond of arithmetic in it. Don't use it for anything else.
/// </remarks>
public static class Ed25519Signer
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>Bytes of client_ed25519's nonce.</summary>
    public const int NonceLength = 32;

    private const int KeyLength = 32;

    private static readonly BigInteger Order =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    /// <summary>The public key of a seed; MariaDB stores its base64 form. About a millisecond of CPU.</summary>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed) =>
        Ed25519Point.MultiplyBase(Scalar(SHA512.HashData(seed))).Encode();

    /// <summary>Signs a message. About two milliseconds of CPU: not on the data path.</summary>
    /// <param name="seed">The password, or RFC 8032's 32-byte secret key.</param>
    /// <param name="message">What to sign; MariaDB's 32-byte nonce.</param>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        var expanded = SHA512.HashData(seed);
        var secret = Scalar(expanded);
        var publicKey = Ed25519Point.MultiplyBase(secret).Encode();
        var r = HashToScalar([.. expanded.AsSpan(KeyLength), .. message]);
        var encodedR = Ed25519Point.MultiplyBase(r).Encode();
        var challenge = HashToScalar([.. encodedR, .. publicKey, .. message]);
        var s = (r + challenge * secret) % Order;
        var signature = new byte[SignatureLength];
        encodedR.CopyTo(signature, 0);
        s.TryWriteBytes(signature.AsSpan(KeyLength), out _, isUnsigned: true);
        CryptographicOperations.ZeroMemory(expanded);
        return signature;
    }

    // RFC 8032, 5.1.5: the low three bits cleared, bit 254 set, bit 255 cleared.
    private static BigInteger Scalar(ReadOnlySpan<byte> expanded)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        expanded[..KeyLength].CopyTo(key);
        key[0] &= 0xF8;
        key[31] = (byte)(key[31] & 0x7F | 0x40);
        return new BigInteger(key, isUnsigned: true);
    }

    private static BigInteger HashToScalar(ReadOnlySpan<byte> data) =>
        new BigInteger(SHA512.HashData(data), isUnsigned: true) % Order;
}
