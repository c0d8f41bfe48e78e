namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>How long things may take in http mode. All above zero. Immutable.</summary>
public sealed record HttpTimeouts
{
    /// <summary>From a request's first byte to the end of its headers; then 408. It ends a slow-loris. Default 10 s.</summary>
    public TimeSpan RequestHeaders { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client's connection may wait for its first or next request. Default 60 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a server may let wait: for the response, then for each further piece; 504 where nothing was sent
    /// yet. Default 60 s.</summary>
    public TimeSpan Server { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an upgraded connection (WebSocket) may be silent in both directions. Default 1 h.</summary>
    public TimeSpan Tunnel { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long an idle connection to a server is kept for the next request. Default 4 s: below the 5 s after which Node
    /// and Apache close it, because a request that meets a closing connection may fail.
    /// </summary>
    public TimeSpan ServerKeepAlive { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>After what time a connection to a server is no longer used, so that a changed name or address is
    /// noticed. Default 5 min.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
