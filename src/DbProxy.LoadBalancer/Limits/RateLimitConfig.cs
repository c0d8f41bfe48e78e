using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.Limits;

/// <summary>How much one source may do in a time. Immutable.</summary>
public sealed record RateLimitConfig
{
    /// <summary>How many connections or requests; at least 1.</summary>
    public required int Permits { get; init; }

    /// <summary>In which time. Default 10 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What happens to what is beyond. Default Deny: 429 in http mode, a closed connection in tcp mode.</summary>
    public AccessAction Action { get; init; } = AccessAction.Deny;
}
