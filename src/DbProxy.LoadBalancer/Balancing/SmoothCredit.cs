namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// One server's step of the smooth weighted round robin as published for nginx 1.3.1: in each round every candidate
/// earns its weight, the richest is chosen and pays what all have earned. Weights 5, 1, 1 give a a b a c a a.
/// </summary>
internal static class SmoothCredit
{
    /// <summary>Adds one round's earnings and returns the credit.</summary>
    /// <param name="slot">The candidate's memory.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="total">The weights of all candidates. In a steady group credits stay below it by themselves; the
    /// limit matters when weights or candidates change: a weight that fell from 1000 to 1 would else leave debts and
    /// credits that take hundreds of rounds to pay.</param>
    internal static long Earn(BalancingSlot slot, int weight, long total) =>
        slot.Credit = Math.Clamp(slot.Credit, -total, total) + weight;

    internal static long TotalWeight<TServer>(ReadOnlySpan<TServer> candidates) where TServer : class, IBalancedServer
    {
        long total = 0;
        foreach (var candidate in candidates)
            total += Math.Max(0, candidate.Weight);
        return total;
    }
}
