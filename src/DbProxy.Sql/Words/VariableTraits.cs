using System.Text;

namespace DbProxy.Sql;

/// <summary>System variables that a connection or a server has of its own; all others follow the session or are the same everywhere.</summary>
internal static class VariableTraits
{
    // Classes has one entry for each name, in the same order.
    private static readonly string[] Names =
    [
        "last_insert_id", "identity",
        "warning_count", "error_count",
        "pseudo_thread_id",
        "insert_id", "rand_seed1", "rand_seed2", "last_gtid", "pseudo_slave_mode", "pseudo_replica_mode",
        "gtid_next", "gtid_executed", "gtid_purged", "gtid_owned", "gtid_current_pos", "gtid_binlog_pos", "gtid_slave_pos",
        "gtid_binlog_state", "gtid_seq_no",
        "transaction_isolation", "tx_isolation", "transaction_read_only", "tx_read_only",
        "autocommit",
        "server_id", "server_uuid", "hostname", "read_only", "super_read_only", "port", "datadir", "socket", "log_bin", "report_host",
        "report_port",
        "session_track_system_variables", "session_track_schema", "session_track_state_change", "session_track_gtids",
        "session_track_transaction_info",
    ];

    private static readonly VariableClass[] Classes =
    [
        VariableClass.LastInsertId, VariableClass.LastInsertId,
        VariableClass.Diagnostics, VariableClass.Diagnostics,
        VariableClass.ConnectionId,
        .. Enumerable.Repeat(VariableClass.Untracked, 6),
        .. Enumerable.Repeat(VariableClass.Gtid, 9),
        .. Enumerable.Repeat(VariableClass.NextTransaction, 4),
        VariableClass.Autocommit,
        .. Enumerable.Repeat(VariableClass.ServerSpecific, 11),
        .. Enumerable.Repeat(VariableClass.Trackers, 5),
    ];

    private static readonly WordTable Table = new(Names);

    /// <param name="name">Without scope and quotes.</param>
    public static VariableClass Classify(ReadOnlySpan<byte> name) =>
        Table.Find(name) is var number and > 0 ? Classes[number - 1]
            : Ascii.IsValid(name) ? VariableClass.Plain
            : VariableClass.Untracked; // Servers compare names by a collation in which some letters equal ASCII ones.
}
