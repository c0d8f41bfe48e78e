namespace DbProxy.LoadBalancer.Balancing;

/// <summary>Any server, as often as its weight says. Needs no memory: for many front ends that don't know of each other.</summary>
public sealed class RandomChoice : IBalancingPolicy
{
    /// <summary>The name in the configuration.</summary>
    public const string PolicyName = "random";

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public int Pick<TServer>(ReadOnlySpan<TServer> candidates, uint key = 0) where TServer : class, IBalancedServer =>
        Draw(candidates, except: -1);

    /// <summary>Draws by weight; -1 when nobody is left to draw.</summary>
    internal static int Draw<TServer>(ReadOnlySpan<TServer> candidates, int except) where TServer : class, IBalancedServer
    {
        long total = 0;
        for (var i = 0; i < candidates.Length; i++)
            total += i == except ? 0 : Math.Max(0, candidates[i].Weight);
        var ticket = total == 0 ? 0 : Random.Shared.NextInt64(total);
        var last = -1;
        for (var i = 0; i < candidates.Length; i++)
        {
            var weight = i == except ? 0 : candidates[i].Weight;
            if (weight <= 0)
                continue;
            last = i;
            if ((ticket -= weight) < 0)
                break;
        }
        // A weight that shrank between the two loops leaves a ticket over: the last candidate takes it.
        return last;
    }
}
