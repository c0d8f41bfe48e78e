namespace DbProxy.LoadBalancer.Balancing;

/// <summary>Chooses one server out of the candidates that are fit to be chosen.</summary>
public interface IBalancingPolicy
{
    /// <summary>The name in the configuration, such as <c>roundrobin</c>.</summary>
    string Name { get; }

    /// <summary>Picks a candidate. Thread-safe; allocates nothing.</summary>
    /// <typeparam name="TServer">The caller's kind of server.</typeparam>
    /// <param name="candidates">The servers to choose from, in a stable order.</param>
    /// <param name="key">A hash of what should stay together, such as the client's address; only <c>source</c> reads it.</param>
    /// <returns>The index of the chosen server, or -1 when there is none with a positive weight.</returns>
    int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer;
}
