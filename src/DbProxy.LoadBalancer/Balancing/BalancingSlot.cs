namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// A place in each server for what the policies remember of it, so that a pick needs no look-up and allocates nothing.
/// Written only by a policy, under that policy's lock: servers shared by several policy instances merely lose
/// smoothness.
/// </summary>
public sealed class BalancingSlot
{
    /// <summary>The smooth round robin's running credit.</summary>
    internal long Credit;
}
