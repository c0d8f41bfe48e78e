using DbProxy.LoadBalancer.HttpMode;

namespace DbProxy.LoadBalancer.Servers;

/// <summary>What a server did since the start. Written with interlocked operations by many sessions, read at a scrape.</summary>
public sealed class ServerCounters
{
    /// <summary>Sessions (tcp) or requests (http) given to the server.</summary>
    public long Sessions;

    /// <summary>The most at a time.</summary>
    public int MaxActive;

    /// <summary>Connections that could not be opened.</summary>
    public long ConnectErrors;

    /// <summary>Responses that were broken off or never came.</summary>
    public long ResponseErrors;

    /// <summary>Tries repeated on this server.</summary>
    public long Retries;

    /// <summary>Sessions given to another server after this one failed them.</summary>
    public long Redispatches;

    /// <summary>Bytes from clients.</summary>
    public long BytesIn;

    /// <summary>Bytes to clients.</summary>
    public long BytesOut;

    /// <summary>Failed checks while up.</summary>
    public long CheckFailures;

    /// <summary>Changes from up to down.</summary>
    public long WentDown;

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
