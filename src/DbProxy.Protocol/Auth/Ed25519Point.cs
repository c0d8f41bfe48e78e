using System.Numerics;

namespace DbProxy.Protocol.Auth;

/// <summary>A point of edwards25519 in extended coordinates (RFC 8032, 5.1.4).</summary>
internal readonly record struct Ed25519Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T)
{
    private const int ScalarBits = 255;

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger TwoD = Mod(2 * -121665 * Invert(121666));
    private static readonly Ed25519Point Neutral = new(0, 1, 1, 0);
    private static readonly Ed25519Point[] BaseTimesPowersOfTwo = PowersOfTwo();

    /// <summary>Multiplies the base point by a scalar below 2^255.</summary>
    public static Ed25519Point MultiplyBase(BigInteger scalar)
    {
        var sum = Neutral;
        for (var bit = 0; bit < ScalarBits; bit++)
        {
            if (!(scalar >> bit).IsEven)
            {
                sum = Add(sum, BaseTimesPowersOfTwo[bit]);
            }
        }
        return sum;
    }

    /// <summary>32 bytes: y, little endian, with x's lowest bit as the highest.</summary>
    public byte[] Encode()
    {
        var inverse = Invert(Z);
        var encoded = new byte[32];
        Mod(Y * inverse).TryWriteBytes(encoded, out _, isUnsigned: true);
        encoded[31] |= Mod(X * inverse).IsEven ? (byte)0 : (byte)0x80;
        return encoded;
    }

    // The unified addition: it doubles as well.
    private static Ed25519Point Add(Ed25519Point p, Ed25519Point q)
    {
        var a = Mod((p.Y - p.X) * (q.Y - q.X));
        var b = Mod((p.Y + p.X) * (q.Y + q.X));
        var c = Mod(Mod(p.T * TwoD) * q.T);
        var d = Mod(2 * p.Z * q.Z);
        BigInteger e = b - a, f = d - c, g = d + c, h = b + a;
        return new Ed25519Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Ed25519Point[] PowersOfTwo()
    {
        var x = BigInteger.Parse("15112221349535400772501151409588531511454012693041857206046113283949847762202");
        var y = Mod(4 * Invert(5));
        var points = new Ed25519Point[ScalarBits];
        points[0] = new Ed25519Point(x, y, 1, Mod(x * y));
        for (var i = 1; i < points.Length; i++)
        {
            points[i] = Add(points[i - 1], points[i - 1]);
        }
        return points;
    }

    private static BigInteger Invert(BigInteger value) => BigInteger.ModPow(Mod(value), Prime - 2, Prime);

    private static BigInteger Mod(BigInteger value)
    {
        var remainder = value % Prime;
        return remainder.Sign < 0 ? remainder + Prime : remainder;
    }
}
