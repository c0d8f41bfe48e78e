namespace DbProxy.Transport;

/// <summary>How a <see cref="DuplexRelay"/> ended.</summary>
public enum RelayEnd
{
    /// <summary>Both sides said that they are done.</summary>
    Done,

    /// <summary>The client broke the connection off.</summary>
    ClientGone,

    /// <summary>The server broke the connection off.</summary>
    ServerGone,

    /// <summary>Neither side sent anything for too long.</summary>
    Idle,

    /// <summary>It was ended from outside.</summary>
    Aborted,
}
