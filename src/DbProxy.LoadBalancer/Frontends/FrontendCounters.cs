using DbProxy.LoadBalancer.HttpMode;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>What a frontend did since the start. Written with interlocked operations, read at a scrape.</summary>
public sealed class FrontendCounters
{
    /// <summary>Connections that are there now.</summary>
    public int Active;

    /// <summary>The most at a time.</summary>
    public int MaxActive;

    /// <summary>Connections accepted.</summary>
    public long Accepted;

    /// <summary>Refused by a rule.</summary>
    public long Denied;

    /// <summary>Refused by a rate limit.</summary>
    public long RateLimited;

    /// <summary>Clients that did not speak what was expected: TLS, a PROXY header, HTTP.</summary>
    public long ProtocolErrors;

    /// <summary>Bytes from clients.</summary>
    public long BytesIn;

    /// <summary>Bytes to clients.</summary>
    public long BytesOut;

    /// <summary>Requests in http mode.</summary>
    public HttpCounters Http { get; } = new();

    /// <summary>Bytes of requests and responses.</summary>
    internal void AddBytes(long bytesIn, long bytesOut)
    {
        Interlocked.Add(ref BytesIn, bytesIn);
        Interlocked.Add(ref BytesOut, bytesOut);
        Http.AddBytes(bytesIn, bytesOut);
    }
}
