using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>What one check found.</summary>
/// <param name="IsGood">Whether it succeeded.</param>
/// <param name="Detail">What was seen, in words for people.</param>
/// <param name="Admin">What an agent asks for; null: nothing.</param>
/// <param name="Weight">The part of its weight that an agent asks for, in per cent; null: nothing.</param>
public readonly record struct CheckResult(bool IsGood, string Detail, AdminState? Admin = null, int? Weight = null);

/// <summary>One kind of check.</summary>
internal interface IHealthProbe
{
    /// <summary>Checks a server once.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout);
}
