using System.Collections.Frozen;

namespace DbProxy.Core.Sessions;

/// <summary>
/// The system variables that follow a session to another connection: those whose value, as a server reports it, can be
/// set again on another server of the same kind with the same meaning and without special privileges. A variable that
/// is not here pins the session when it is set.
/// </summary>
internal static class CarriedVariables
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "autocommit", "auto_increment_increment", "auto_increment_offset", "big_tables", "block_encryption_mode",
        "character_set_client", "character_set_connection", "character_set_results", "collation_connection",
        "completion_type", "cte_max_recursion_depth", "default_storage_engine", "default_tmp_storage_engine",
        "default_week_format", "div_precision_increment", "end_markers_in_json", "eq_range_index_dive_limit",
        "explicit_defaults_for_timestamp", "foreign_key_checks", "group_concat_max_len", "innodb_lock_wait_timeout",
        "innodb_strict_mode", "interactive_timeout", "join_buffer_size", "lc_messages", "lc_time_names",
        "lock_wait_timeout", "long_query_time", "low_priority_updates", "max_error_count", "max_execution_time",
        "max_heap_table_size", "max_join_size", "max_length_for_sort_data", "max_points_in_geometry",
        "max_recursive_iterations", "max_seeks_for_key", "max_sort_length", "max_sp_recursion_depth",
        "max_statement_time", "min_examined_row_limit", "net_buffer_length", "net_read_timeout", "net_retry_count",
        "net_write_timeout", "new", "old_mode", "optimizer_prune_level", "optimizer_search_depth", "optimizer_switch",
        "optimizer_use_condition_selectivity", "preload_buffer_size", "print_identified_with_as_hex", "profiling",
        "query_prealloc_size", "range_alloc_block_size", "range_optimizer_max_mem_size", "read_buffer_size",
        "read_rnd_buffer_size", "sort_buffer_size", "sql_auto_is_null", "sql_big_selects", "sql_buffer_result",
        "sql_mode", "sql_notes", "sql_quote_show_create", "sql_safe_updates", "sql_select_limit", "sql_warnings",
        "standard_compliant_cte", "system_versioning_alter_history", "time_zone", "tmp_memory_table_size",
        "tmp_table_size", "transaction_isolation", "transaction_prealloc_size", "transaction_read_only",
        "tx_isolation", "tx_read_only", "unique_checks", "updatable_views_with_limit", "wait_timeout",
        "windowing_use_high_precision");

    // The other session variables of MySQL 9.7 (performance_schema.variables_metadata): tracked to be noticed. MySQL's
    // '*' would do, but it reports statement_id with every statement, and so makes every answer longer.
    private static readonly string[] Watched =
    [
        "binlog_direct_non_transactional_updates", "binlog_format", "binlog_row_image", "binlog_row_value_options",
        "binlog_rows_query_log_events", "binlog_transaction_compression", "binlog_transaction_compression_level_zstd",
        "bulk_insert_buffer_size", "character_set_filesystem", "character_set_server", "collation_server",
        "connection_memory_chunk_size", "connection_memory_limit", "default_collation_for_utf8mb4",
        "default_table_encryption", "enable_cascade_triggers", "enable_secondary_engine_statistics", "explain_format",
        "explain_json_format_version", "external_table_secondary_storage_engine", "external_table_storage_engine",
        "generated_random_password_length", "global_connection_memory_tracking", "group_replication_consistency",
        "gtid_next", "gtid_owned", "histogram_generation_max_mem_size", "immediate_server_version",
        "information_schema_stats_expiry", "innodb_ddl_buffer_size", "innodb_ddl_threads",
        "innodb_ft_enable_stopword", "innodb_ft_user_stopword_table", "innodb_parallel_read_threads",
        "innodb_table_locks", "innodb_tmpdir", "insert_id", "internal_tmp_mem_storage_engine", "keep_files_on_create",
        "max_allowed_packet", "max_delayed_threads", "max_insert_delayed_threads", "max_user_connections",
        "myisam_sort_buffer_size", "myisam_stats_method", "old_alter_table", "optimizer_max_subgraph_pairs",
        "optimizer_trace", "optimizer_trace_features", "optimizer_trace_limit", "optimizer_trace_max_mem_size",
        "optimizer_trace_offset", "original_commit_timestamp", "original_server_version", "parser_max_mem_size",
        "profiling_history_size", "pseudo_replica_mode", "pseudo_slave_mode", "pseudo_thread_id",
        "query_alloc_block_size", "rand_seed1", "rand_seed2", "rbr_exec_mode", "require_row_format",
        "restrict_fk_on_non_standard_key", "resultset_metadata", "secondary_engine_cost_threshold",
        "select_into_buffer_size", "select_into_disk_sync", "select_into_disk_sync_delay", "session_track_gtids",
        "session_track_schema", "session_track_state_change", "session_track_system_variables",
        "session_track_transaction_info", "set_operations_buffer_size", "show_create_table_skip_secondary_engine",
        "show_create_table_verbosity", "show_gipk_in_create_table_and_information_schema",
        "sql_generate_invisible_primary_key", "sql_log_bin", "sql_log_off", "sql_require_primary_key",
        "terminology_use_previous", "timestamp", "transaction_alloc_block_size", "transaction_allow_batching",
        "use_secondary_engine", "xa_detach_on_prepare",
    ];

    // Reported by the trackers as a by-product of statements, not set by anybody.
    private static readonly FrozenSet<string> Ignored = FrozenSet.Create(
        StringComparer.Ordinal,
        "last_gtid", "last_insert_id", "statement_id", "identity", "character_set_database", "collation_database", "warning_count", "error_count");

    /// <summary>The value of <c>session_track_system_variables</c> for MySQL; names that a version lacks are ignored by it.</summary>
    public static string TrackList { get; } = string.Join(',', Names.Concat(Watched).Order(StringComparer.Ordinal));

    public const string TrackedVariables = "session_track_system_variables";

    public const string TrackedGtids = "session_track_gtids";

    public const string TrackedTransaction = "session_track_transaction_info";

    /// <summary>The proxy's own values of variables of MySQL that a session may need more of: its wishes go through them.</summary>
    public static FrozenDictionary<string, string> OwnTrackers { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [TrackedVariables] = TrackList,
        [TrackedGtids] = "OWN_GTID",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a connection of the proxy reports all variables of a list.</summary>
    public static bool Tracks(string list)
    {
        foreach (string name in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Names.Contains(name) && Array.IndexOf(Watched, name) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the variable is one of the session trackers'.</summary>
    public static bool IsTracker(ReadOnlySpan<byte> name) => name.StartsWith("session_track_"u8);

    public static bool Carries(string name) => Names.Contains(name);

    public static bool Ignores(string name) => Ignored.Contains(name);
}
