namespace DbProxy.LoadBalancer.Servers;

/// <summary>Whether a server may work, why, and since when: one consistent whole, replaced at each change.</summary>
/// <param name="Admin">The operator's wish.</param>
/// <param name="IsUp">What the checks say; servers without a check count as up.</param>
/// <param name="AdminReason">Why the operator wishes that, in words for people.</param>
/// <param name="HealthReason">What the checks saw, in words for people.</param>
/// <param name="Since">When <see cref="Name"/> last changed, UTC.</param>
public sealed record ServerStatus(AdminState Admin, bool IsUp, string AdminReason, string HealthReason, DateTimeOffset Since)
{
    /// <summary>Whether it may get something new.</summary>
    public bool TakesNew => IsUp && Admin == AdminState.Ready;

    /// <summary>Why <see cref="Name"/> is what it is.</summary>
    public string Reason => Admin == AdminState.Maint || (Admin == AdminState.Drain && IsUp) ? AdminReason : HealthReason;

    /// <summary>The state in HAProxy's words: UP, DOWN, DRAIN or MAINT.</summary>
    public string Name => Admin switch
    {
        AdminState.Maint => "MAINT",
        _ when !IsUp => "DOWN",
        AdminState.Drain => "DRAIN",
        _ => "UP",
    };
}
