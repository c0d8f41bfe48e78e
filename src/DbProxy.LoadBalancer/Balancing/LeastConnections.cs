namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// The server with the fewest active connections for its weight. Servers that are equally busy, idle ones above all,
/// take turns by smooth weighted round robin: otherwise a single client would always meet the first server of the list.
/// </summary>
public sealed class LeastConnections : IBalancingPolicy
{
    /// <summary>The name in the configuration.</summary>
    public const string PolicyName = "leastconn";

    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer
    {
        var idlest = -1;
        long active = 0, weight = 1;
        for (var i = 0; i < candidates.Length; i++)
        {
            long w = candidates[i].Weight, a = candidates[i].ActiveConnections;
            // a/w < active/weight without a division
            if (w > 0 && (idlest < 0 || a * weight < active * w))
                (idlest, active, weight) = (i, a, w);
        }
        return idlest < 0 || candidates.Length == 1 ? idlest : TakeTurns(candidates, idlest, active, weight);
    }

    private int TakeTurns<TServer>(ReadOnlySpan<TServer> candidates, int idlest, long active, long weight)
        where TServer : class, IBalancedServer
    {
        lock (_lock)
        {
            // Connections come and go meanwhile: when nobody is as idle as the first look said, its choice stands.
            var chosen = -1;
            var total = SmoothCredit.TotalWeight(candidates);
            long most = 0, earned = 0;
            for (var i = 0; i < candidates.Length; i++)
            {
                var w = candidates[i].Weight;
                if (w <= 0 || candidates[i].ActiveConnections * weight > active * w)
                    continue;
                earned += w;
                var credit = SmoothCredit.Earn(candidates[i].Slot, w, total);
                if (chosen < 0 || credit > most)
                    (chosen, most) = (i, credit);
            }
            if (chosen < 0)
                return idlest;
            candidates[chosen].Slot.Credit -= earned;
            return chosen;
        }
    }
}
