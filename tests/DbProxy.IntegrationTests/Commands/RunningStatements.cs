using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>What runs on the servers for a test: statements in its own schema.</summary>
internal static class RunningStatements
{
    public static async Task<long> CountAsync(ReplicationCluster cluster, string schema)
    {
        long sum = 0;
        foreach (var server in cluster.Servers)
        {
            var query = $"SELECT COUNT(*) FROM {ProcessList.Of(cluster.Installation.Flavor)} WHERE db = '{schema}' AND command IN ('Query', 'Execute')";
            sum += Convert.ToInt64(await ServerAdmin.ScalarAsync(cluster, server, query));
        }

        return sum;
    }

    public static Task UntilAsync(TestBed bed, long count) => UntilAsync(bed.Cluster, bed.Schema, count);

    public static Task UntilAsync(ReplicationCluster cluster, string schema, long count) =>
        Eventually.IsTrueAsync(async () => await CountAsync(cluster, schema) == count, () => $"{count} statements run");
}
