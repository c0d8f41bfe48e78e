namespace DbProxy.Core.Configuration;

/// <summary>The PROXY protocol, by which a load balancer in front tells the clients' addresses.</summary>
public sealed class ProxyProtocolOptions
{
    /// <summary>
    /// Networks or single addresses of load balancers, such as 10.0.0.0/8 or fd00::1. From there every connection must
    /// begin with a header of version 1 or 2 (HAProxy: send-proxy, send-proxy-v2), within Limits.LoginTimeout; from
    /// anywhere else a header is a protocol error, and on Unix domain sockets none is expected.
    /// </summary>
    /// <remarks>Whoever connects from there can claim any client address. A client there that sends no header waits in
    /// vain for the greeting.</remarks>
    public List<string> TrustedNetworks { get; set; } = [];
}
