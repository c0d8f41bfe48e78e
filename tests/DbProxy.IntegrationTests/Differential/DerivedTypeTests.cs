using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using Xunit;
using static DbProxy.IntegrationTests.Differential.Step;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>
/// MySQL gives a parameter of no evident type that of its first execution. Sessions that share a server connection, and so
/// its statements, must not give theirs to each other.
/// </summary>
public sealed class DerivedTypeTests
{
    private const Capabilities Wished = DifferentialTests.Always | Capabilities.DeprecateEof;

    // Held to one server, so that all sessions meet on its one connection.
    private const string Select = "/* dbproxy:primary */ SELECT ? AS v, ? + 1 AS w";

    private static readonly object?[][] Kinds = [[1L, 1L], ["two", "2.5"], [3.5, 3.5], [null, "4"], [5, null]];

    [Theory, EachFlavor]
    public async Task The_types_of_one_session_do_not_change_the_results_of_another(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        var report = new StringBuilder();
        for (int first = 0; first < Kinds.Length; first++)
        {
            for (int second = 0; second < Kinds.Length; second++)
            {
                var direct = await RunTwoAsync(bed, bed.Cluster.Primary.Port, Kinds[first], Kinds[second]);
                DifferentialTests.Compare(report, $"{first} beside {second}", direct, await RunTwoAsync(bed, bed.Proxy.Port, Kinds[first], Kinds[second]));
            }
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    /// <summary>Both have prepared before either executes.</summary>
    private static async Task<List<(string Step, IReadOnlyList<string> Answer)>> RunTwoAsync(TestBed bed, int port, object?[] one, object?[] other)
    {
        using RawClient a = await RawClient.LoginAsync(port, bed.Cluster.App, bed.Schema, Wished);
        using RawClient b = await RawClient.LoginAsync(port, bed.Cluster.App, bed.Schema, Wished);
        (RawClient Client, Step Step)[] steps =
        [
            (a, Prepare("s", Select)), (b, Prepare("s", Select)), (a, Execute("s", one)), (b, Execute("s", other)),
            (a, Execute("s", other)), (b, Execute("s", one)), (a, Execute("s", one)), (b, Execute("s", other)),
        ];
        var answers = new List<(string, IReadOnlyList<string>)>();
        foreach (var (client, step) in steps)
        {
            var answer = new AnswerReader(client);
            await step.Run(client, answer);
            answers.Add(($"{(client == a ? "one" : "other")}: {step.Name}", answer.Lines));
        }

        return answers;
    }
}
