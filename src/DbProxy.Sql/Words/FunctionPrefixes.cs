using System.Text;

namespace DbProxy.Sql;

/// <summary>
/// Loadable functions of MySQL, MariaDB and their plugins that change a server through a SELECT, or read its own state.
/// Stored functions that write are none of these: a replica refuses them, and the proxy then asks the primary.
/// </summary>
internal static class FunctionPrefixes
{
    private static readonly byte[][] Prefixes =
    [
        .. new[]
        {
            "asynchronous_connection_failover_", "audit_log_", "firewall_group_", "gen_dictionary_", "group_replication_",
            "keyring_", "masking_dictionar", "mysql_firewall_", "read_firewall_", "reload_audit_", "service_get_",
            "service_release_", "set_firewall_", "spider_", "sys_eval", "sys_exec", "version_tokens_", "wsrep_",
            "flush_rewrite_rules", "load_rewrite_rules",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    // One bit for each first letter in use: most function names are done with this one test.
    private static readonly uint FirstLetters = Prefixes.Aggregate(0u, (bits, p) => bits | 1u << (p[0] & 31));

    /// <summary>True when the name begins like one of them, or isn't ASCII (servers fold some such letters to ASCII ones).</summary>
    public static bool MayHaveEffects(ReadOnlySpan<byte> name)
    {
        if (!Ascii.IsValid(name))
            return true;
        if (name.Length < 6 || (FirstLetters >> (name[0] & 31) & 1) == 0)
            return false;
        foreach (var prefix in Prefixes)
        {
            if (name.Length >= prefix.Length && Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix))
                return true;
        }
        return false;
    }
}
