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

    /// <summary>Waits until a SLEEP runs: before it a session may run what leads up to it, and a KILL would reach that.</summary>
    public static Task UntilAsleepAsync(TestBed bed) => Eventually.IsTrueAsync(
        async () =>
        {
            var query = $"SELECT COUNT(*) FROM {ProcessList.Of(bed.Cluster.Installation.Flavor)} WHERE db = '{bed.Schema}' AND state = 'User sleep'";
            var counts = await Task.WhenAll(bed.Cluster.Servers.Select(s => ServerAdmin.ScalarAsync(bed.Cluster, s, query)));
            return counts.Sum(Convert.ToInt64) == 1;
        },
        () => "one statement sleeps");

    public static Task UntilAsync(TestBed bed, long count) => UntilAsync(bed.Cluster, bed.Schema, count);

    public static Task UntilAsync(ReplicationCluster cluster, string schema, long count) =>
        Eventually.IsTrueAsync(async () => await CountAsync(cluster, schema) == count, () => $"{count} statements run");
}
