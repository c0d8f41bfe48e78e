namespace DbProxy.LoadBalancer.Balancing;

/// <summary>The first server of the list that has room, so that the last ones may be switched off while there is little to
/// do. Room is the caller's to judge: it offers only servers below their connection limit.</summary>
public sealed class FirstAvailable : IBalancingPolicy
{
    /// <summary>The name in the configuration.</summary>
    public const string PolicyName = "first";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer
    {
        for (var i = 0; i < candidates.Length; i++)
            if (candidates[i].Weight > 0)
                return i;
        return -1;
    }
}
