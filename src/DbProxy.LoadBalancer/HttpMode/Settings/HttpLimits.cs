namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>How large and how slow requests may be. Immutable.</summary>
public sealed record HttpLimits
{
    /// <summary>The largest body in bytes; more is refused with 413. Null, the default: no limit, as bodies are streamed.</summary>
    public long? MaxBody { get; init; }

    /// <summary>The longest request line in bytes, above 0; more is refused with 414. Default 8192.</summary>
    public int MaxRequestLine { get; init; } = 8192;

    /// <summary>All headers together in bytes, above 0; more is refused with 431. Default 32768.</summary>
    public int MaxHeaders { get; init; } = 32768;

    /// <summary>The most headers, above 0; more are refused with 431. Default 100.</summary>
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>Bytes a second, on average over the body, that a client must send it with; slower ones get 408. 0: any.
    /// Default 240.</summary>
    public int MinRequestRate { get; init; } = 240;

    /// <summary>Bytes a second that a client must read a response with; slower ones are closed. 0: any. Default 240.</summary>
    public int MinResponseRate { get; init; } = 240;

    /// <summary>How long a client may be below these rates; at least 1 s. Default 5 s.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most HTTP/2 requests of a connection at a time, 1 to 10,000. Default 100.</summary>
    public int MaxStreams { get; init; } = 100;
}
