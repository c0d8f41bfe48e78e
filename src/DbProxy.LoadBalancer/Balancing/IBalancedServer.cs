namespace DbProxy.LoadBalancer.Balancing;

/// <summary>What a balancing policy needs to know of a server; the MySQL side and the front end both implement
/// it.</summary>
public interface IBalancedServer
{
    /// <summary>The server's share of the traffic relative to its peers. It may change at any time; 0 or less takes no
    /// new traffic.</summary>
    int Weight { get; }

    /// <summary>The connections, or leases, that the server is working for right now.</summary>
    int ActiveConnections { get; }

    /// <summary>The policy's own memory of this server; one object for the server's whole life.</summary>
    BalancingSlot Slot { get; }
}
