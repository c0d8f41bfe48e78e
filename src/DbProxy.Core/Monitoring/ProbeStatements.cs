namespace DbProxy.Core.Monitoring;

/// <summary>The statements by flavor and version. A regular probe is one round trip of two statements.</summary>
internal static class ProbeStatements
{
    /// <summary>Timestamps are read as UTC; a probe must not wait for a lock.</summary>
    internal const string Setup = "SET time_zone = '+00:00', lock_wait_timeout = 1";

    internal const string Identity =
        "SELECT VERSION() AS version, @@global.server_id AS server_id, @@global.max_allowed_packet AS max_allowed_packet, "
        + "@@global.lower_case_table_names AS lower_case_table_names, @@global.log_bin AS log_bin, "
        + "@@global.wait_timeout AS wait_timeout, @@global.interactive_timeout AS interactive_timeout, "
        + "@@global.performance_schema AS performance_schema; SHOW GLOBAL STATUS LIKE 'Uptime'";

    private const string MySqlVariables =
        "SELECT @@global.read_only AS read_only, @@global.super_read_only AS super_read_only, "
        + "@@global.gtid_executed AS applied";

    private const string MariaDbVariables =
        "SELECT @@global.read_only AS read_only, @@global.gtid_slave_pos AS applied, "
        + "@@global.gtid_current_pos AS written";

    /// <summary>One row a channel; ages in seconds by the replica's clock. A zero timestamp means none.</summary>
    private const string Channels = """
        SELECT s.CHANNEL_NAME AS channel, s.SOURCE_UUID AS source_uuid, CONCAT(c.HOST, ':', c.PORT) AS source,
          s.SERVICE_STATE AS receiver, a.SERVICE_STATE AS applier,
          GTID_SUBSET(s.RECEIVED_TRANSACTION_SET, @@global.gtid_executed) AS applied_all,
          s.RECEIVED_TRANSACTION_SET = '' AS no_gtids,
          UNIX_TIMESTAMP(s.LAST_QUEUED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP) AS queued, w.applied AS last_applied,
          UNIX_TIMESTAMP(NOW(6))
            - NULLIF(UNIX_TIMESTAMP(s.LAST_QUEUED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP), 0) AS queued_age,
          UNIX_TIMESTAMP(NOW(6))
            - LEAST(COALESCE(w.applying, k.processing), COALESCE(k.processing, w.applying)) AS applying_age,
          -- CHANGE REPLICATION may shorten the delay below what remains of a wait, and both are unsigned.
          CAST(d.DESIRED_DELAY AS SIGNED) - CAST(a.REMAINING_DELAY AS SIGNED) AS waited,
          CONCAT_WS('; ', NULLIF(k.error, ''), NULLIF(w.error, ''), NULLIF(s.LAST_ERROR_MESSAGE, '')) AS error
        FROM performance_schema.replication_connection_status s
        JOIN performance_schema.replication_connection_configuration c ON c.CHANNEL_NAME = s.CHANNEL_NAME
        LEFT JOIN performance_schema.replication_applier_configuration d ON d.CHANNEL_NAME = s.CHANNEL_NAME
        LEFT JOIN performance_schema.replication_applier_status a ON a.CHANNEL_NAME = s.CHANNEL_NAME
        LEFT JOIN (SELECT CHANNEL_NAME, MAX(LAST_ERROR_MESSAGE) AS error,
            MAX(UNIX_TIMESTAMP(LAST_APPLIED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP)) AS applied,
            MIN(NULLIF(UNIX_TIMESTAMP(APPLYING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP), 0)) AS applying
          FROM performance_schema.replication_applier_status_by_worker GROUP BY CHANNEL_NAME) w
          ON w.CHANNEL_NAME = s.CHANNEL_NAME
        LEFT JOIN (SELECT CHANNEL_NAME, LAST_ERROR_MESSAGE AS error,
            NULLIF(UNIX_TIMESTAMP(PROCESSING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP), 0) AS processing
          FROM performance_schema.replication_applier_status_by_coordinator) k ON k.CHANNEL_NAME = s.CHANNEL_NAME
        WHERE s.CHANNEL_NAME <> 'group_replication_recovery'
        """;

    /// <summary>What only MySQL has; the names changed with 8.0.26.</summary>
    internal static string MySqlIdentity(Version version)
    {
        var word = version >= new Version(8, 0, 26) ? "replica" : "slave";
        return $"SELECT @@global.server_uuid AS server_uuid, @@global.gtid_mode AS gtid_mode, "
            + $"@@global.{word}_preserve_commit_order AS in_order, @@global.{word}_parallel_workers AS workers";
    }

    /// <summary>MariaDB since 10.10 has collations without a character set in COLLATIONS; the other table has them
    /// all. The first row, -1, is what a client gets that names none.</summary>
    internal static string Collations(ServerFlavor flavor, Version version) =>
        "SELECT -1 AS id, @@global.character_set_client AS charset, @@global.collation_connection AS name UNION ALL "
        + (flavor == ServerFlavor.MariaDb && version >= new Version(10, 10)
            ? "SELECT ID AS id, CHARACTER_SET_NAME AS charset, FULL_COLLATION_NAME AS name "
                + "FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
            : "SELECT ID AS id, CHARACTER_SET_NAME AS charset, COLLATION_NAME AS name FROM information_schema.COLLATIONS");

    /// <summary>The best source that a version offers.</summary>
    internal static StatusSource Best(ServerFlavor flavor, Version version, bool performanceSchema) =>
        flavor == ServerFlavor.MySql && version >= new Version(8, 0) && performanceSchema
            ? StatusSource.PerformanceSchema
            : StatusSource.Show;

    /// <summary>The regular probe.</summary>
    internal static string Regular(ServerFlavor flavor, Version version, StatusSource source)
    {
        var variables = flavor == ServerFlavor.MariaDb ? MariaDbVariables : MySqlVariables;
        return source switch
        {
            StatusSource.PerformanceSchema => $"{variables}; {Channels}",
            StatusSource.Show when flavor == ServerFlavor.MariaDb => $"{variables}; SHOW ALL SLAVES STATUS",
            // SHOW SLAVE STATUS is gone in 8.4, its successor came with 8.0.22.
            StatusSource.Show => version >= new Version(8, 0, 22)
                ? $"{variables}; SHOW REPLICA STATUS"
                : $"{variables}; SHOW SLAVE STATUS",
            _ => variables,
        };
    }
}
