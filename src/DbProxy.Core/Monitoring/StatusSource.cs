namespace DbProxy.Core.Monitoring;

/// <summary>Where the replication status comes from, best first; a missing privilege or table leads to the
/// next.</summary>
internal enum StatusSource : byte
{
    /// <summary>MySQL 8: tables with commit timestamps in microseconds. Needs SELECT on performance_schema.</summary>
    PerformanceSchema,

    /// <summary>SHOW ALL SLAVES STATUS, SHOW REPLICA STATUS or SHOW SLAVE STATUS: whole seconds. Needs REPLICATION
    /// CLIENT (MySQL) or SLAVE MONITOR (MariaDB).</summary>
    Show,

    /// <summary>Nothing but variables that everybody may read: read_only and the GTID position.</summary>
    VariablesOnly,
}
