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

    /// <summary>Monotonic time of the last successful probe; null for never.</summary>
    internal TimeSpan? SeenAt { get; init; }

    /// <summary>Monotonic time at which replication was last seen connected to its source; null for never.</summary>
    internal TimeSpan? SourceSeenAt { get; init; }

    /// <summary>The lag at the last successful probe, from which it grows while probes fail.</summary>
    internal double? SeenLag { get; init; }

    /// <summary>Out of rotation because of its lag: it must fall below the lower limit to come back.</summary>
    internal bool LaggedOut { get; init; }

    /// <summary>Why the last probe failed; null when it succeeded.</summary>
    internal ProbeFailure? Failure { get; init; }

    /// <summary>The reason without the caveat, which the log says only once.</summary>
    internal string Why { get; init; } = "";

    /// <summary>What the monitor could not read for want of a privilege; empty when it reads everything.</summary>
    internal string Caveat { get; init; } = "";

    /// <summary>Whether the replication channels could be read at all.</summary>
    internal bool ChannelsKnown { get; init; }

    /// <summary>The replication channels at the last successful probe.</summary>
    internal ImmutableArray<ChannelReading> Channels { get; init; } = [];
}
