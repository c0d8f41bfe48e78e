using DbProxy.LocalCluster;

namespace DbProxy.Demo;

/// <summary>What the command line asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>MySQL or MariaDB; null: MySQL, else MariaDB.</summary>
    public ServerFlavor? Flavor { get; init; }

    /// <summary>How long the workload runs; null: until Ctrl-C.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Application threads, as it were: each sends one request at a time and thinks in between.</summary>
    public int Clients { get; init; } = 8;
}
