using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;

namespace DbProxy.Demo.Site.Members;

/// <summary>How one process of the site is started, watched and stopped.</summary>
internal sealed record RolePlan
{
    public required string Name { get; init; }

    public required string Tier { get; init; }

    /// <summary>Where it answers.</summary>
    public required string Address { get; init; }

    public required ProgramCommand Command { get; init; }

    /// <summary>Variables beside those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A page that answers 200 once it is ready.</summary>
    public required Uri Ready { get; init; }

    public Uri? Metrics { get; init; }

    /// <summary>The signal by which it ends in order.</summary>
    public int StopSignal { get; init; } = Signals.Terminate;
}
