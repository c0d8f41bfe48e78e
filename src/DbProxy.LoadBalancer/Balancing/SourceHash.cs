namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// The same server for the same key, as long as it is there. When a server goes, only its own keys move; when one comes,
/// it takes its share from all. A server that already works for more than <see cref="Bound"/> times its share passes a
/// key on to the key's next choice, so that one busy source can't drown it.
/// </summary>
/// <remarks>
/// Weighted rendezvous hashing (Thaler and Ravishankar 1998; weights by -w/ln(u)) with bounded loads (Mirrokni, Thorup
/// and Zadimoghaddam 2016). No ring to build: a pick looks at each candidate, which is nothing for the tens of
/// servers of a backend, and a weight may change between two picks.
/// </remarks>
public sealed class SourceHash : IBalancingPolicy
{
    /// <summary>The name in the configuration.</summary>
    public const string PolicyName = "source";

    /// <summary>A server may have this many times its fair share of the connections before keys pass it by.</summary>
    public const double Bound = 1.5;

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer
    {
        long active = 1, weight = 0;
        foreach (var candidate in candidates)
        {
            active += candidate.ActiveConnections;
            weight += Math.Max(0, candidate.Weight);
        }

        int best = -1, any = -1;
        double bestScore = 0, anyScore = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var w = candidates[i].Weight;
            if (w <= 0)
                continue;
            var score = Score(key, candidates[i].Slot.Identity, w);
            if (any < 0 || score > anyScore)
                (any, anyScore) = (i, score);
            if ((best < 0 || score > bestScore) && candidates[i].ActiveConnections < Math.Ceiling(Bound * active * w / weight))
                (best, bestScore) = (i, score);
        }
        return best < 0 ? any : best;
    }

    private static double Score(uint key, uint identity, int weight)
    {
        // In (0, 1): neither end, where the logarithm would make every server equal.
        var u = (StableHash.Combine(key, identity) + 0.5) / 4294967296.0;
        return -weight / Math.Log(u);
    }
}
