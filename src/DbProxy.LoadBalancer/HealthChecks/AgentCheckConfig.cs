namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>The agent that is asked beside a server's check. Immutable.</summary>
public sealed record AgentCheckConfig
{
    /// <summary>Where it listens; null, the default: on the server's host.</summary>
    public string? Host { get; init; }

    /// <summary>Its TCP port; 0: the server's own.</summary>
    public required int Port { get; init; }

    /// <summary>What it is sent first, with {server} for the server's name; empty, the default: nothing.</summary>
    public string Send { get; init; } = "";

    /// <summary>The pause between questions. Default 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer may take. Default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
}
