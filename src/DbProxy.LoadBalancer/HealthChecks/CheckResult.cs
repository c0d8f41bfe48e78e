using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>What one check found.</summary>
/// <param name="IsGood">Whether it succeeded.</param>
/// <param name="Detail">What was seen, in words for people.</param>
/// <param name="Admin">What an agent, or a server by its DrainStatus, asks for; null: nothing.</param>
/// <param name="Weight">The part of its weight that an agent asks for, in per cent; null: nothing.</param>
/// <param name="MaxConnections">The limit that an agent asks for, 0: none; null: nothing is asked.</param>
/// <param name="AgentUp">Whether an agent says that the server may work; null: it says nothing of it.</param>
public readonly record struct CheckResult(
    bool IsGood, string Detail, AdminState? Admin = null, int? Weight = null, int? MaxConnections = null, bool? AgentUp = null);

/// <summary>One kind of check.</summary>
internal interface IHealthProbe
{
    /// <summary>Checks a server once.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout);
}
