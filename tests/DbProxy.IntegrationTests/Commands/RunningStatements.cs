using DbProxy.IntegrationTests.Infrastructure;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>What runs on the servers for a test: statements in its own schema.</summary>
internal static class RunningStatements
{
    public static async Task<long> CountAsync(TestBed bed)
    {
        long sum = 0;
        foreach (var server in bed.Cluster.Servers)
        {
            // MySQL's INFORMATION_SCHEMA fails where any session runs a statement in bytes of another character set.
            sum += Convert.ToInt64(await bed.OnServerAsync(server, bed.IsMySql
                ? $"SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_db = '{bed.Schema}' AND processlist_command IN ('Query', 'Execute')"
                : $"SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{bed.Schema}' AND command IN ('Query', 'Execute')"));
        }

        return sum;
    }

    public static Task UntilAsync(TestBed bed, long count) =>
        Eventually.IsTrueAsync(async () => await CountAsync(bed) == count, () => $"{count} statements run");
}
