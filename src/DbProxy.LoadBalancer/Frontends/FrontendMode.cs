namespace DbProxy.LoadBalancer.Frontends;

/// <summary>What a frontend understands of what passes.</summary>
public enum FrontendMode
{
    /// <summary>Bytes.</summary>
    Tcp,

    /// <summary>HTTP/1.1, HTTP/2 and WebSocket.</summary>
    Http,
}
