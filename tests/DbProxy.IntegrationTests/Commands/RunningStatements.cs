using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>What runs on the servers for a test: statements in its own schema.</summary>
internal static class RunningStatements
{
    public static async Task<long> CountAsync(ReplicationCluster cluster, string schema)
    {
        long sum = 0;
        foreach (var server in cluster.Servers)
        {
            // MySQL's INFORMATION_SCHEMA fails where any session runs a statement in bytes of another character set.
            sum += Convert.ToInt64(await ServerAdmin.ScalarAsync(cluster, server, cluster.Installation.Flavor == Flavor.MySql
                ? $"SELECT COUNT(*) FROM performance_schema.threads WHERE processlist_db = '{schema}' AND processlist_command IN ('Query', 'Execute')"
                : $"SELECT COUNT(*) FROM information_schema.processlist WHERE db = '{schema}' AND command IN ('Query', 'Execute')"));
        }

        return sum;
    }

    public static Task UntilAsync(TestBed bed, long count) => UntilAsync(bed.Cluster, bed.Schema, count);

    public static Task UntilAsync(ReplicationCluster cluster, string schema, long count) =>
        Eventually.IsTrueAsync(async () => await CountAsync(cluster, schema) == count, () => $"{count} statements run");
}
