using System.Diagnostics;
using System.Globalization;
using System.Text;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Differential.Generator;
using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>
/// Random streams of statements, sent to a server and through the proxy, where a second session with other settings, insert
/// ids, warnings and errors works on the same two connections a server, and held connections are taken away. The answers
/// must be equal; where they are not, the shortest stream that shows it is printed. The script tests/differential/run plays
/// for longer.
/// </summary>
public sealed class GeneratedStreamTests(ITestOutputHelper output)
{
    private const int Length = 60;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory, EachFlavor]
    public async Task Random_streams_are_answered_as_by_the_server(Flavor flavor)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DBPROXY_DIFFERENTIAL_FLAVOR") is { Length: > 0 } only && !only.Equals(flavor.ToString(), StringComparison.OrdinalIgnoreCase), "Another server was asked for.");
        await using var bed = await TestBed.StartAsync(
            flavor, Configure, StreamPlayer.NoiseTable);
        var player = new StreamPlayer(bed, flavor);
        long started = Stopwatch.GetTimestamp();
        var (minutes, seed) = Asked();
        TimeSpan limit = minutes > 0 ? TimeSpan.FromMinutes(minutes) : Limit;
        int played = 0;
        foreach (int next in Seeds(minutes, seed))
        {
            if (played++ > 0 && Stopwatch.GetElapsedTime(started) > limit)
            {
                break;
            }

            await PlayAsync(player, next, flavor, bed.Schema);
        }

        output.WriteLine($"{played} streams of {Length} items");
    }

    /// <summary>
    /// The one that is asked for; else, for the script, fresh ones. Without either always the same: a build must not fail by a
    /// stream that nobody has seen before. First those that once differed.
    /// </summary>
    private static IEnumerable<int> Seeds(double minutes, int asked) =>
        asked > 0 ? [asked] : minutes > 0 ? Enumerable.Range(Random.Shared.Next(1, int.MaxValue / 2), 1_000_000) : [5_712_132, 61_150_630, .. Enumerable.Range(1, 20)];

    private static async Task PlayAsync(StreamPlayer player, int seed, Flavor flavor, string schema)
    {
        var wished = StreamGenerator.CapabilitiesOf(seed);
        List<StreamItem[]> groups = StreamGenerator.For(seed, Length, flavor, schema);
        if (await player.CompareAsync(Flat(groups), wished) is not { } first)
        {
            return;
        }

        int taken = 0;
        List<StreamItem> items = Flat(await StreamShrinker.ShrinkAsync(
            [.. groups.TakeWhile(g => (taken += g.Length) - g.Length <= first.Index)],
            async shorter => await player.CompareAsync(Flat(shorter), wished) is not null, tries: 250));
        StreamDifference? least = await player.CompareAsync(items, wished);
        var report = new StringBuilder($"Seed {seed}, {wished}:\n");
        for (int i = 0; i < items.Count; i++)
        {
            report.Append(CultureInfo.InvariantCulture, $"  {items[i]}{(i == least?.Index ? least.ToString() : "")}\n");
        }

        Assert.Fail(report.Append(least is null ? $"Played again it shows nothing; at first: {first}" : "").ToString());
    }

    private static void Configure(ProxyOptions options)
    {
        options.Pool.MaxConnections = options.Pool.MaxIdle = 2;
        options.Pool.HoldTimeout = TimeSpan.FromMinutes(1);
        // Another session made the tables of each stream.
        options.Routing.CausalReads = CausalReadsMode.Global;
    }

    private static List<StreamItem> Flat(IEnumerable<StreamItem[]> groups) => [.. groups.SelectMany(g => g)];

    private static (double Minutes, int Seed) Asked() => (
        double.TryParse(Environment.GetEnvironmentVariable("DBPROXY_DIFFERENTIAL_MINUTES"), CultureInfo.InvariantCulture, out double minutes) ? minutes : 0,
        int.TryParse(Environment.GetEnvironmentVariable("DBPROXY_DIFFERENTIAL_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 0);
}
