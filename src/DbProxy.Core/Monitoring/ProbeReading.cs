using System.Collections.Immutable;
using DbProxy.Core.Gtids;

namespace DbProxy.Core.Monitoring;

/// <summary>What a successful probe read.</summary>
internal sealed record ProbeReading
{
    internal ServerIdentity Identity { get; init; } = ServerIdentity.Unknown;

    /// <inheritdoc cref="ServerModel.ReadOnly"/>
    internal bool ReadOnly { get; init; }

    /// <summary>What the server has applied.</summary>
    internal GtidSet Gtids { get; init; } = GtidSet.Empty;

    /// <summary>The configured replication channels.</summary>
    internal ImmutableArray<ChannelReading> Channels { get; init; } = [];

    /// <summary>False when the monitor's user may not see them.</summary>
    internal bool ChannelsKnown { get; init; } = true;

    /// <inheritdoc cref="ServerTrack.Caveat"/>
    internal string Caveat { get; init; } = "";

    /// <summary>Monotonic time before the statement was sent.</summary>
    internal TimeSpan Asked { get; init; }

    /// <summary>Monotonic time after its answer.</summary>
    internal TimeSpan Answered { get; init; }
}
