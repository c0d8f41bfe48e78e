namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>
/// Requests of a frontend, backend or server since the start. Written with interlocked operations by many requests, read
/// at a scrape.
/// </summary>
public sealed class HttpCounters
{
    private long _informational, _success, _redirects, _clientErrors, _serverErrors, _others;

    /// <summary>Requests that ended.</summary>
    public long Requests;

    /// <summary>Clients that broke off.</summary>
    public long ClientAborts;

    /// <summary>Tries repeated because a server could not be connected to.</summary>
    public long Retries;

    /// <summary>Of these, those that went to another server.</summary>
    public long Redispatches;

    /// <summary>Bytes of request bodies, and from clients in upgraded connections.</summary>
    public long BytesIn;

    /// <summary>Bytes of response bodies, and to clients in upgraded connections.</summary>
    public long BytesOut;

    /// <summary>Microseconds spent in queues.</summary>
    public long QueueMicroseconds;

    /// <summary>Microseconds until servers' response headers, over <see cref="Responses"/>.</summary>
    public long ResponseMicroseconds;

    /// <summary>Responses that servers began.</summary>
    public long Responses;

    /// <summary>Microseconds from request to end.</summary>
    public long TotalMicroseconds;

    /// <summary>Ended requests by the first digit of their status, 1 to 5; 0: others.</summary>
    public long StatusClass(int digit) => Volatile.Read(ref Class(digit * 100));

    internal void AddBytes(long bytesIn, long bytesOut)
    {
        Interlocked.Add(ref BytesIn, bytesIn);
        Interlocked.Add(ref BytesOut, bytesOut);
    }

    internal void Count(int status) => Interlocked.Increment(ref Class(status));

    private ref long Class(int status)
    {
        switch (status / 100)
        {
            case 1: return ref _informational;
            case 2: return ref _success;
            case 3: return ref _redirects;
            case 4: return ref _clientErrors;
            case 5: return ref _serverErrors;
            default: return ref _others;
        }
    }
}
