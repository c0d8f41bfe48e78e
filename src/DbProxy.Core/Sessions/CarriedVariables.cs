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

    // Reported by the trackers as a by-product of statements, not set by anybody.
    private static readonly FrozenSet<string> Ignored = FrozenSet.Create(
        StringComparer.Ordinal,
        "last_gtid", "last_insert_id", "identity", "character_set_database", "collation_database", "warning_count", "error_count");

    public static bool Carries(string name) => Names.Contains(name);

    public static bool Ignores(string name) => Ignored.Contains(name);
}
