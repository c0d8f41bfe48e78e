namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>How a session ended, named by the side that ended it and the stage it was in.</summary>
public enum SessionEnd
{
    /// <summary>Both sides were done.</summary>
    Done,

    /// <summary>A rule refused it.</summary>
    Denied,

    /// <summary>Its source came too often.</summary>
    RateLimited,

    /// <summary>It did not begin with what was expected: TLS, a PROXY header.</summary>
    BadStart,

    /// <summary>No route leads to a backend.</summary>
    NoBackend,

    /// <summary>No server may work.</summary>
    NoServer,

    /// <summary>It waited in vain for a server with room.</summary>
    QueueTimeout,

    /// <summary>No server could be connected to.</summary>
    ConnectFailed,

    /// <summary>The client broke off.</summary>
    ClientGone,

    /// <summary>The server broke off.</summary>
    ServerGone,

    /// <summary>Nothing moved for too long.</summary>
    Idle,

    /// <summary>It was ended from here: its server went down, an operator, or the end of a drain.</summary>
    Closed,
}
