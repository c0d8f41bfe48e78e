namespace DbProxy.LoadBalancer.Balancing;

/// <summary>
/// Two servers drawn by weight, and of these the less busy one. Nearly as even as least connections, without the herd:
/// when several front ends see the same idle server, they don't all send everything there (Mitzenmacher 2001).
/// </summary>
public sealed class PowerOfTwoChoices : IBalancingPolicy
{
    /// <summary>The name in the configuration.</summary>
    public const string PolicyName = "p2c";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer
    {
        var first = RandomChoice.Draw(candidates, except: -1);
        var second = first < 0 ? -1 : RandomChoice.Draw(candidates, except: first);
        if (second < 0)
            return first;
        var (a, b) = (candidates[first], candidates[second]);
        // a/weight <= b/weight without a division
        return (long)a.ActiveConnections * b.Weight <= (long)b.ActiveConnections * a.Weight ? first : second;
    }
}
