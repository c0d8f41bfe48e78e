namespace DbProxy.Core.Routing;

/// <summary>Why a statement goes where it goes; a label of the metrics.</summary>
internal enum RouteReason : byte
{
    /// <summary>A read, on a replica within the lag limit.</summary>
    Replica,

    /// <summary>A read, on a replica known to have applied the session's last write.</summary>
    ReplicaApplied,

    /// <summary>A read, on a replica that first waits for the session's last write.</summary>
    ReplicaWaits,

    /// <summary>START TRANSACTION READ ONLY, on one replica.</summary>
    ReadTransaction,

    /// <summary>Not provably a read.</summary>
    Write,

    /// <summary>SET NAMES: any server can check it, and the settings follow the session.</summary>
    Settings,

    /// <summary>A hint in a comment asked for the primary.</summary>
    Hint,

    /// <summary>The session has autocommit off: the read starts a transaction.</summary>
    AutocommitOff,

    /// <summary>A read, but no replica is up and within the lag limit.</summary>
    NoReplica,

    /// <summary>A read, but no replica will have the session's last write in time.</summary>
    NotApplied,

    /// <summary>A read that a replica refused as a write before.</summary>
    LearnedWrite,

    /// <summary>A read while there is no primary, on a replica past the lag limit.</summary>
    LastResort,

    /// <summary>The session's transaction or pin decides.</summary>
    Held,

    /// <summary>The listener is for the primary only, or for replicas only.</summary>
    Port,

    /// <summary>No server can take it.</summary>
    Nowhere,
}
