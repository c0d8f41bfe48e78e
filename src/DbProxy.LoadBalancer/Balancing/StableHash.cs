using System.Net;
using System.Numerics;

namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// A hash that is the same in every process and version, unlike <see cref="object.GetHashCode"/>: front ends that share
/// the load must agree. FNV-1a for the bytes, then the finaliser of MurmurHash3, because FNV alone mixes short input badly.
/// </summary>
public static class StableHash
{
    /// <summary>Of a name.</summary>
    public static uint Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = 2166136261u;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619u;
        return Mix(hash);
    }

    /// <summary>Of a client's address without its port. An IPv4 address hashes the same when it came through IPv6.</summary>
    public static uint Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out var length);
        var hash = 2166136261u;
        foreach (var b in bytes[..length])
            hash = (hash ^ b) * 16777619u;
        return Mix(hash);
    }

    /// <summary>Mixes two hashes into one whose bits all depend on all bits of both.</summary>
    internal static uint Combine(uint a, uint b) => Mix(BitOperations.RotateLeft(a, 15) ^ (b * 0x9E3779B1u));

    private static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
        h = (h ^ (h >> 13)) * 0xC2B2AE35u;
        return h ^ (h >> 16);
    }
}
