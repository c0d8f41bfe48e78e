using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Compression;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>
/// One stream of commands, sent to a server directly, directly once more (what differs then is no fault of the proxy),
/// and through the proxy: the decoded packets must be the same, whatever the client can do.
/// </summary>
public sealed class DifferentialTests
{
    internal const Capabilities Always =
        Capabilities.MultiResults | Capabilities.PsMultiResults | Capabilities.LocalFiles | Capabilities.PluginAuth;

    private static readonly Capabilities[] Varied = [Capabilities.DeprecateEof, Capabilities.SessionTrack, Capabilities.MultiStatements];

    [Theory, EachFlavor]
    public Task A_client_sees_the_same_through_the_proxy_as_on_the_server(Flavor flavor) => CompareAsync(flavor, CompressionAlgorithm.None);

    [Theory]
    [InlineData(Flavor.MySql, CompressionAlgorithm.Zlib)]
    [InlineData(Flavor.MySql, CompressionAlgorithm.Zstd)]
    [InlineData(Flavor.MariaDb, CompressionAlgorithm.Zlib)]
    public Task It_sees_the_same_when_the_proxy_and_the_server_compress(Flavor flavor, CompressionAlgorithm algorithm) =>
        CompareAsync(flavor, algorithm);

    private static async Task CompareAsync(Flavor flavor, CompressionAlgorithm compression)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => (o.Pool.HoldTimeout, o.ServerCompression.Algorithm) = (TimeSpan.FromMinutes(1), compression));
        var report = new StringBuilder();
        for (int bits = 0; bits < 1 << Varied.Length; bits++)
        {
            Capabilities wished = Varied.Where((_, i) => (bits >> i & 1) != 0).Aggregate(Always, (all, flag) => all | flag);
            var direct = await RunAsync(bed, bed.Cluster.Primary.Port, wished);
            if (bits is 0 or 7)
            {
                Compare(report, $"{wished} (control: directly twice)", direct, await RunAsync(bed, bed.Cluster.Primary.Port, wished));
            }

            Compare(report, wished.ToString(), direct, await RunAsync(bed, bed.Proxy.Port, wished));
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    internal static async Task<List<(string Step, IReadOnlyList<string> Answer)>> RunAsync(
        TestBed bed, int port, Capabilities wished, IEnumerable<Step>? steps = null)
    {
        using RawClient client = await RawClient.LoginAsync(port, bed.Cluster.App, bed.Schema, wished);
        var answers = new List<(string, IReadOnlyList<string>)> { ("login", [(client.Negotiated & (wished | Always)).ToString()]) };
        foreach (Step step in steps ?? StatementStream.For(bed.Schema))
        {
            var answer = new AnswerReader(client);
            try
            {
                await step.Run(client, answer);
                answers.Add((step.Name, answer.Lines));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or MalformedPacketException or OperationCanceledException)
            {
                answers.Add((step.Name, [.. answer.Lines, $"{e.GetType().Name}: {e.Message}"]));
                await bed.Cluster.ExecuteAsync(bed.Cluster.Primary, [$"DROP DATABASE {bed.Schema}", $"CREATE DATABASE {bed.Schema}"]);
                break;
            }
        }

        return answers;
    }

    internal static void Compare(
        StringBuilder report, string title, List<(string Step, IReadOnlyList<string> Answer)> expected, List<(string Step, IReadOnlyList<string> Answer)> actual)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            IReadOnlyList<string> other = i < actual.Count ? actual[i].Answer : ["nothing: the session had ended"];
            if (!expected[i].Answer.SequenceEqual(other))
            {
                report.AppendLine($"\n{title}\n  {expected[i].Step}");
                foreach (string line in expected[i].Answer.Except(other).DefaultIfEmpty("(the same lines in another number or order)"))
                {
                    report.AppendLine($"    server: {line}");
                }

                foreach (string line in other.Except(expected[i].Answer))
                {
                    report.AppendLine($"    proxy:  {line}");
                }
            }
        }
    }
}
