using System.Diagnostics.CodeAnalysis;

namespace DbProxy.Protocol;

/// <summary>A peer sent bytes that the protocol doesn't allow. The only exception that parsers throw on bad input.</summary>
public sealed class MalformedPacketException(string message) : Exception(message)
{
    [DoesNotReturn]
    internal static void Throw(string message) => throw new MalformedPacketException(message);
}
