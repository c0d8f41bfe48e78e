namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>The last check of a server, for operators.</summary>
/// <param name="IsGood">Whether it succeeded.</param>
/// <param name="Detail">What was seen, in words for people.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="At">When it ended, UTC.</param>
public sealed record CheckReport(bool IsGood, string Detail, TimeSpan Duration, DateTimeOffset At);
