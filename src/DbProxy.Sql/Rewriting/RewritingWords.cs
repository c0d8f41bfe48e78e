using System.Text;

namespace DbProxy.Sql;

/// <summary>The words that the rewriting asks for.</summary>
internal static class RewritingWords
{
    /// <summary>Servers cut the name of a column at 256 characters, and refuse an alias beyond that.</summary>
    public const int LongestName = 255;

    private static readonly string[] Enders =
    [
        "from", "into", "where", "group", "having", "order", "limit", "union", "except", "intersect", "minus", "for", "lock",
        "window", "qualify", "procedure", "on", "offset", "fetch",
    ];

    private static readonly string[] Options =
    [
        "all", "distinct", "distinctrow", "high_priority", "straight_join", "sql_small_result", "sql_big_result",
        "sql_buffer_result", "sql_cache", "sql_no_cache", "sql_calc_found_rows",
    ];

    private static readonly string[] ServersOwn =
    [
        "information_schema", "performance_schema", "processlist", "is_used_lock", "ps_thread_id", "ps_current_thread_id",
        "innodb_trx", "metadata_lock_info",
    ];

    private static readonly WordTable Table = new([.. Enders, .. Options, .. ServersOwn]);

    /// <summary>Whether the word, outside of parentheses, ends a select list.</summary>
    public static bool EndsList(ReadOnlySpan<byte> word) => Table.Find(word) is var n and > 0 && n <= Enders.Length;

    /// <summary>Whether the word can stand between SELECT and the list.</summary>
    public static bool IsOption(ReadOnlySpan<byte> word) =>
        Table.Find(word) is var n && n > Enders.Length && n <= Enders.Length + Options.Length;

    /// <summary>Whether the name says that the statement is about the server's own numbers of connections.</summary>
    public static bool NamesServersOwn(ReadOnlySpan<byte> name) => Table.Find(name) > Enders.Length + Options.Length;

    public static bool Are(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(name, word);
}
