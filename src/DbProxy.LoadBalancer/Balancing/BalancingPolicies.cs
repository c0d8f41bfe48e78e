using System.Collections.Frozen;
using System.Collections.Immutable;

namespace DbProxy.LoadBalancer.Balancing;

/// <summary>All balancing policies by their names in the configuration.</summary>
public static class BalancingPolicies
{
    /// <summary>The policy used where the configuration names none.</summary>
    public const string Default = SmoothWeightedRoundRobin.PolicyName;

    private static readonly FrozenDictionary<string, Func<IBalancingPolicy>> _factories =
        new Dictionary<string, Func<IBalancingPolicy>>
        {
            [SmoothWeightedRoundRobin.PolicyName] = static () => new SmoothWeightedRoundRobin(),
            [LeastConnections.PolicyName] = static () => new LeastConnections(),
            [SourceHash.PolicyName] = static () => new SourceHash(),
            [PowerOfTwoChoices.PolicyName] = static () => new PowerOfTwoChoices(),
            [RandomChoice.PolicyName] = static () => new RandomChoice(),
            [FirstAvailable.PolicyName] = static () => new FirstAvailable(),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The known names, sorted.</summary>
    public static ImmutableArray<string> Names { get; } = [.. _factories.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A new policy of that name (one for each group of servers), or null when there is no such
    /// policy.</summary>
    public static IBalancingPolicy? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _factories.GetValueOrDefault(name)?.Invoke();
    }

    /// <summary>A new policy of that name.</summary>
    /// <exception cref="ArgumentException">There is no such policy; the message names those that exist.</exception>
    public static IBalancingPolicy Create(string name) =>
        Find(name) ?? throw new ArgumentException(
            $"There is no balancing policy \"{name}\": use one of {string.Join(", ", Names)}.", nameof(name));
}
