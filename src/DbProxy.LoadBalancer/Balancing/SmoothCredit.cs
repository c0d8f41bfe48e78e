namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// One server's step of the smooth weighted round robin as published for nginx 1.3.1: in each round every candidate
/// earns its weight, the richest is chosen and pays what all have earned. Weights 5, 1, 1 give a a b a c a a.
/// </summary>
internal static class SmoothCredit
{
    /// <summary>Adds one round's earnings and returns the credit. Without the reset, a server whose weight fell from
    /// 1000 to 1 would pay off its old debt, or live from its old credit, for hundreds of rounds.</summary>
    internal static long Earn(BalancingSlot slot, int weight)
    {
        if (slot.CreditWeight != weight)
        {
            slot.CreditWeight = weight;
            slot.Credit = 0;
        }
        return slot.Credit += weight;
    }
}
