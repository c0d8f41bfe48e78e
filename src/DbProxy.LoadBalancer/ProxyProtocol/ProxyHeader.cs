using System.Net;

namespace DbProxy.LoadBalancer.ProxyProtocol;

/// <summary>Which form of the PROXY protocol's header.</summary>
public enum ProxyHeaderVersion
{
    /// <summary>No header.</summary>
    None,

    /// <summary>The line of text.</summary>
    V1,

    /// <summary>The binary form.</summary>
    V2,
}

/// <summary>Whose connection it is that a proxy passes on.</summary>
/// <remarks>Source: "The PROXY protocol, versions 1 and 2", HAProxy Technologies, 2020.</remarks>
/// <param name="Source">The client; null: the header names none (a health check of the proxy's own, UNKNOWN, a Unix
/// socket), and the connection's own address counts.</param>
/// <param name="Destination">The address that the client connected to; null with <paramref name="Source"/>.</param>
public readonly record struct ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination);

/// <summary>What <see cref="ProxyHeaderReader.TryRead"/> found.</summary>
public enum ProxyHeaderResult
{
    /// <summary>A whole header.</summary>
    Complete,

    /// <summary>So far a header, but its end is missing.</summary>
    NeedsMore,

    /// <summary>No header: the connection must be closed.</summary>
    Malformed,
}
