using System.Collections.Immutable;

namespace DbProxy.LoadBalancer.Rules;

/// <summary>What a rule does with what it matches.</summary>
public enum AccessAction
{
    /// <summary>Lets it through; later rules are not asked.</summary>
    Allow,

    /// <summary>Refuses it: 403 in http mode, a closed connection in tcp mode.</summary>
    Deny,

    /// <summary>Drops it without a word, so that the client waits for its own timeout.</summary>
    SilentDrop,

    /// <summary>Refuses it after a while, to slow down whoever tries again at once.</summary>
    Tarpit,
}

/// <summary>A rule of a frontend, with how often it decided.</summary>
/// <param name="name">For logs and the statistics page.</param>
/// <param name="action">What it does.</param>
/// <param name="match">What it is about.</param>
public sealed class AccessRule(string name, AccessAction action, Match match)
{
    private long _hits;

    /// <summary>For logs and the statistics page.</summary>
    public string Name => name;

    /// <summary>What it does.</summary>
    public AccessAction Action => action;

    /// <summary>What it is about.</summary>
    public Match Match => match;

    /// <summary>How often it decided.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>The first rule that matches, counted; null: none does, and everything is allowed.</summary>
    public static AccessRule? Decide(ImmutableArray<AccessRule> rules, IRequestFacts facts)
    {
        foreach (var rule in rules)
        {
            if (!rule.Match.Holds(facts))
                continue;
            Interlocked.Increment(ref rule._hits);
            return rule;
        }
        return null;
    }
}

/// <summary>Sends what it matches to a backend; the first one that matches counts.</summary>
/// <param name="Match">What it is about.</param>
/// <param name="Backend">The backend's name.</param>
public sealed record RouteRule(Match Match, string Backend);
