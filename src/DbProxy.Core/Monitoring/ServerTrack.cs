using System.Collections.Immutable;

namespace DbProxy.Core.Monitoring;

/// <summary>The monitor's own memory of a server between two probes.</summary>
internal sealed record ServerTrack
{
    internal static readonly ServerTrack None = new();

    /// <summary>Failed probes in a row.</summary>
    internal int Failures { get; init; }

    /// <summary>Successful probes in a row.</summary>
    internal int Successes { get; init; }

    /// <summary>Successful probes in a row in which the server could have been the primary.</summary>
    internal int WritableProbes { get; init; }

    /// <summary>Monotonic time of the last successful probe; 0 for never.</summary>
    internal long SeenAt { get; init; }

    /// <summary>Monotonic time at which replication was last seen connected to its source; 0 for never.</summary>
    internal long SourceSeenAt { get; init; }

    /// <summary>The replication channels at the last successful probe.</summary>
    internal ImmutableArray<ChannelReading> Channels { get; init; } = [];
}
