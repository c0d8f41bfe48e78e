using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using Xunit;
using static DbProxy.IntegrationTests.Differential.Step;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

public sealed class CursorTests
{
    [Theory, EachFlavor]
    public async Task A_statement_that_had_a_cursor_can_be_executed_without_one(Flavor flavor)
    {
        // MySQL 9.7 itself sends an answer that nobody understands; and the statement may be another session's.
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = o.Pool.MaxIdle = 1, "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1), (2)");
        using var first = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Capabilities.DeprecateEof);
        using var second = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Capabilities.DeprecateEof);
        foreach (Step step in (Step[])[Prepare("s", "SELECT id FROM t ORDER BY id"), Execute("s", [], cursor: true), Fetch("s", 1), Fetch("s", 5)])
        {
            await RunAsync(first, step);
        }

        await RunAsync(second, Prepare("s", "SELECT id FROM t ORDER BY id"));
        foreach (RawClient client in (RawClient[])[second, first])
        {
            Assert.Equal(2, (await RunAsync(client, Execute("s", []))).Count(l => l.StartsWith("ROW", StringComparison.Ordinal)));
        }

        await RunAsync(first, Execute("s", [], cursor: true));
        Assert.Equal(2, (await RunAsync(first, Execute("s", []))).Count(l => l.StartsWith("ROW", StringComparison.Ordinal)));
        await RunAsync(first, Execute("s", [], cursor: true));
        await RunAsync(first, ResetStatement("s"));
        Assert.Equal(2, (await RunAsync(first, Execute("s", []))).Count(l => l.StartsWith("ROW", StringComparison.Ordinal)));
    }

    private static async Task<IReadOnlyList<string>> RunAsync(RawClient client, Step step)
    {
        var answer = new AnswerReader(client);
        await step.Run(client, answer);
        return answer.Lines;
    }
}
