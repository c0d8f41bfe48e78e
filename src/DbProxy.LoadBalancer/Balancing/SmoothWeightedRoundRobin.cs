namespace DbProxy.LoadBalancer.Balancing;

/// <summary>Weighted round robin that interleaves: a heavy server's turns are spread over the round, not
/// bunched.</summary>
public sealed class SmoothWeightedRoundRobin : IBalancingPolicy
{
    /// <summary>The name in the configuration.</summary>
    public const string PolicyName = "roundrobin";

    // One round changes all candidates' credits together. The section is a few nanoseconds a candidate and never waits
    // for anything, so a lock is cheaper than making the round atomic by other means.
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer
    {
        if (candidates.Length == 1)
            return candidates[0].Weight > 0 ? 0 : -1;

        lock (_lock)
        {
            var chosen = -1;
            var total = SmoothCredit.TotalWeight(candidates);
            long most = 0, earned = 0;
            for (var i = 0; i < candidates.Length; i++)
            {
                var weight = candidates[i].Weight;
                if (weight <= 0)
                    continue;
                earned += weight;
                var credit = SmoothCredit.Earn(candidates[i].Slot, weight, total);
                if (chosen < 0 || credit > most)
                    (chosen, most) = (i, credit);
            }
            if (chosen >= 0)
                candidates[chosen].Slot.Credit -= earned;
            return chosen;
        }
    }
}
