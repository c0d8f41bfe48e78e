namespace DbProxy.Sql;

/// <summary>What reading or setting a system variable means for the connection.</summary>
internal enum VariableClass : byte
{
    /// <summary>Tracked with the session, or the same on every server.</summary>
    Plain,
    LastInsertId,
    Diagnostics,
    ConnectionId,

    /// <summary>A connection's value that tracking doesn't tell.</summary>
    Untracked,

    /// <summary>A position in replication: each server has its own.</summary>
    Gtid,

    /// <summary>With @@ and no scope, setting it is for the next transaction only.</summary>
    NextTransaction,
    Autocommit,
    ServerSpecific,

    /// <summary>What the server reports of the session to its client: a proxy has its own wishes there.</summary>
    Trackers,
}
