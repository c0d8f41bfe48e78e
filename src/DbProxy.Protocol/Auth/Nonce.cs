using System.Security.Cryptography;

namespace DbProxy.Protocol.Auth;

/// <summary>The random challenge of a login.</summary>
public static class Nonce
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 20;

    /// <summary>
    /// A fresh nonce from the system's generator. Bytes are 1 to 127 except '$': a zero would end it early in C
    /// clients, and '$' separates fields of stored hashes, so that MySQL's own server avoids both.
    /// </summary>
    public static byte[] Create()
    {
        var nonce = new byte[Length];
        for (var i = 0; i < nonce.Length; i++)
        {
            byte value;
            do
            {
                value = (byte)RandomNumberGenerator.GetInt32(1, 128);
            } while (value == (byte)'$');
            nonce[i] = value;
        }
        return nonce;
    }
}
