using System.Collections.Frozen;
using DbProxy.Core.Gtids;

namespace DbProxy.Core.Monitoring;

/// <summary>All that the monitor knows of a server at one moment; replaced whole after each probe.</summary>
public sealed record ServerModel
{
    /// <summary>A server before its first probe.</summary>
    public static readonly ServerModel Initial = new();

    /// <summary>Whether it answers.</summary>
    public ServerHealth Health { get; init; }

    /// <summary>What an operator wants of it.</summary>
    public ServerOrder Order { get; init; } = ServerOrder.Ready;

    /// <summary>What it is for.</summary>
    public ServerRole Role { get; init; }

    /// <summary>What it said of itself when it was connected to last.</summary>
    public ServerIdentity Identity { get; init; } = ServerIdentity.Unknown;

    /// <inheritdoc cref="ServerIdentity.Flavor"/>
    public ServerFlavor Flavor => Identity.Flavor;

    /// <inheritdoc cref="ServerIdentity.Version"/>
    public string Version => Identity.Version;

    /// <inheritdoc cref="ServerIdentity.Collations"/>
    public FrozenDictionary<int, CollationInfo> Collations => Identity.Collations;

    /// <inheritdoc cref="ServerIdentity.MaxAllowedPacket"/>
    public long MaxAllowedPacket => Identity.MaxAllowedPacket;

    /// <inheritdoc cref="ServerIdentity.LowerCaseTableNames"/>
    public int LowerCaseTableNames => Identity.LowerCaseTableNames;

    /// <inheritdoc cref="ServerIdentity.StartTime"/>
    public DateTimeOffset StartTime => Identity.StartTime;

    /// <summary><c>read_only</c> or <c>super_read_only</c>.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How far the server is behind the primary, in milliseconds; null when unknown or not a
    /// replica.</summary>
    public double? LagMilliseconds { get; init; }

    /// <summary>Whether it receives from its source and applies what it received.</summary>
    public bool ReplicationRunning { get; init; }

    /// <summary>Whether reads may go there as to a replica: up, applying, and within the lag limit with its
    /// hysteresis.</summary>
    public bool InRotation { get; init; }

    /// <summary>A sentence that says why the server is in this state.</summary>
    public string Reason { get; init; } = "not probed yet";

    /// <summary>Since when health, role, rotation and order have been as they are.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>What the server had applied at the last successful probe.</summary>
    public GtidSet Gtids { get; init; } = GtidSet.Empty;

    /// <summary>What the next evaluation needs to remember of the former ones.</summary>
    internal ServerTrack Track { get; init; } = ServerTrack.None;
}
