using DbProxy.Core.Sessions;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential.Generator;

/// <summary>Plays streams on a server and through the proxy, each from the same beginning.</summary>
internal sealed class StreamPlayer(TestBed bed, Flavor flavor, ClusterAccount? account = null)
{
    private readonly ClusterAccount _account = account ?? bed.Cluster.App;

    private const Capabilities Plain = Capabilities.DeprecateEof | Capabilities.MultiResults;

    /// <summary>The table that only the other session uses; its ids are far from the stream's.</summary>
    public const string NoiseTable = "CREATE TABLE noise (id INT AUTO_INCREMENT PRIMARY KEY, n INT) AUTO_INCREMENT = 1000001";

    /// <summary>The first command whose answers differ; null: none does.</summary>
    public async Task<StreamDifference?> CompareAsync(IReadOnlyList<StreamItem> items, Capabilities wished)
    {
        List<IReadOnlyList<string>> expected = await PlayAsync(bed.Cluster.Primary.Port, items, wished, disturbed: false);
        List<IReadOnlyList<string>> actual = await PlayAsync(bed.Proxy.Port, items, wished, disturbed: true);
        bool undefined = false;
        for (int i = 0; i < expected.Count; i++)
        {
            string statement = items[i].Step?.Name ?? "";
            if (undefined && Differences.ReadsInsertId(statement))
            {
                return null;
            }

            undefined = Differences.UndefinesInsertId(statement, expected[i]) ?? undefined;
            IReadOnlyList<string> other = i < actual.Count ? actual[i] : ["nothing: the session had ended"];
            if (!expected[i].SequenceEqual(other))
            {
                return new(i, expected[i], other);
            }
        }

        return null;
    }

    private async Task<List<IReadOnlyList<string>>> PlayAsync(int port, IReadOnlyList<StreamItem> items, Capabilities wished, bool disturbed)
    {
        await ResetAsync(port);
        using RawClient client = await RawClient.LoginAsync(port, _account, bed.Schema, wished);
        using RawClient? other = disturbed ? await RawClient.LoginAsync(port, _account, bed.Schema, Plain) : null;
        var answers = new List<IReadOnlyList<string>>();
        foreach (StreamItem item in items)
        {
            if (item.Step is not { } step)
            {
                answers.Add([]);
                if (other is not null)
                {
                    await DisturbAsync(client, other, item.Disturbance!);
                }

                continue;
            }

            var answer = new AnswerReader(client);
            try
            {
                await step.Run(client, answer);
                answers.Add([.. answer.Lines.Select(l => Differences.InStream(step.Name, l))]);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or MalformedPacketException or OperationCanceledException)
            {
                answers.Add([.. answer.Lines, $"{e.GetType().Name}: {e.Message}"]);
                break;
            }
        }

        return answers;
    }

    /// <summary>Made through the same port: what is read through the proxy then is behind it.</summary>
    private async Task ResetAsync(int port)
    {
        using RawClient client = await RawClient.LoginAsync(port, bed.Cluster.App, bed.Schema, Plain);
        foreach (string sql in (string[])["SET lock_wait_timeout = 15", .. Vocabulary.Teardown(flavor), .. Vocabulary.Setup(flavor)])
        {
            IReadOnlyList<string> lines = await AskAsync(client, sql);
            Xunit.Assert.DoesNotContain(lines, l => l.StartsWith("ERR", StringComparison.Ordinal));
        }
    }

    private async Task DisturbAsync(RawClient client, RawClient other, Disturbance disturbance)
    {
        Session session = bed.Proxy.Context.Sessions.Find(client.ConnectionId)!;
        Session noise = bed.Proxy.Context.Sessions.Find(other.ConnectionId)!;
        if (disturbance.TakesConnection)
        {
            session.Leases.Reclaim(TimeSpan.Zero);
            noise.Leases.Reclaim(TimeSpan.Zero);
            await session.Leases.InsertIdKnown;
            await noise.Leases.InsertIdKnown;
        }

        foreach (string sql in disturbance.Script(bed.Schema))
        {
            await AskAsync(other, sql);
        }

        // A transaction of the other session would only occupy the connection.
        await AskAsync(other, "COMMIT");
    }

    private static async Task<IReadOnlyList<string>> AskAsync(RawClient client, string sql)
    {
        var answer = new AnswerReader(client);
        await Step.Query(sql).Run(client, answer);
        return answer.Lines;
    }
}

/// <summary>Where the answers differ.</summary>
internal sealed record StreamDifference(int Index, IReadOnlyList<string> Expected, IReadOnlyList<string> Actual)
{
    public override string ToString() =>
        string.Concat(Expected.Except(Actual).DefaultIfEmpty("(the same lines in another number or order)").Select(l => $"\n    server: {l}"))
        + string.Concat(Actual.Except(Expected).Select(l => $"\n    proxy:  {l}"));
}
