using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>Why a session got no server.</summary>
public enum LeaseFailure
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>No server may work.</summary>
    NoServer,

    /// <summary>All servers are at their limits, and so is the queue.</summary>
    QueueFull,

    /// <summary>All servers were at their limits until the queue's time ran out.</summary>
    QueueTimeout,

    /// <summary>The session was given up while it waited.</summary>
    Cancelled,
}

/// <summary>A server for a session, or why there is none. A server is given back by <see cref="Backend.Release"/>.</summary>
/// <param name="Server">The server; null: see <paramref name="Failure"/>.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Ahead">How many waited ahead of the session when it came.</param>
public readonly record struct LeaseResult(Server? Server, LeaseFailure Failure = LeaseFailure.None, int Ahead = 0);

/// <summary>What the choice of a server depends on.</summary>
/// <param name="Key">The hash of what should stay together, for the <c>source</c> policy.</param>
/// <param name="Preferred">The server that the session had before (a cookie); taken where it may work.</param>
/// <param name="Avoid">The servers that failed this session, the last one last; one of them is taken only where there is no
/// other, and the last one only where it is the only one.</param>
public readonly record struct LeaseRequest(uint Key = 0, string? Preferred = null, IReadOnlyList<Server>? Avoid = null);
