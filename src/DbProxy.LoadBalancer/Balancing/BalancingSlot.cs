namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// A place in each server for what the policies remember of it, so that a pick needs no look-up and allocates nothing.
/// Written only by a policy, under that policy's lock: servers shared by several policy instances merely lose
/// smoothness.
/// </summary>
/// <param name="name">The server's name: what the source hash knows it by, whatever else comes and goes.</param>
public sealed class BalancingSlot(string name)
{
    /// <summary>The hash of the name; the same in every process, so that two front ends send a client to one server.</summary>
    internal uint Identity { get; } = StableHash.Of(name);

    /// <summary>The smooth round robin's running credit.</summary>
    internal long Credit;
}
