namespace DbProxy.LoadBalancer.Servers;

/// <summary>Whether a server may work, why, and since when: one consistent whole, replaced at each change.</summary>
/// <param name="Admin">The operator's wish.</param>
/// <param name="IsHealthy">What the checks say; servers without a check count as up.</param>
/// <param name="AdminReason">Why the operator wishes that, in words for people.</param>
/// <param name="HealthReason">What the checks saw, in words for people.</param>
/// <param name="Since">When <see cref="Name"/> last changed, UTC.</param>
public sealed record ServerStatus(AdminState Admin, bool IsHealthy, string AdminReason, string HealthReason, DateTimeOffset Since)
{
    /// <summary>Why its agent wants it down; null: it doesn't.</summary>
    public string? AgentDown { get; init; }

    /// <summary>Whether it may work: neither its checks nor its agent say otherwise.</summary>
    public bool IsUp => IsHealthy && AgentDown is null;

    /// <summary>Whether it may get something new.</summary>
    public bool TakesNew => IsUp && Admin == AdminState.Ready;

    /// <summary>Why <see cref="Name"/> is what it is.</summary>
    public string Reason => Admin == AdminState.Maint || (Admin == AdminState.Drain && IsUp) ? AdminReason : IsHealthy && AgentDown is not null ? AgentDown : HealthReason;

    /// <summary>The state in HAProxy's words: UP, DOWN, DRAIN or MAINT.</summary>
    public string Name => Admin switch
    {
        AdminState.Maint => "MAINT",
        _ when !IsUp => "DOWN",
        AdminState.Drain => "DRAIN",
        _ => "UP",
    };
}
