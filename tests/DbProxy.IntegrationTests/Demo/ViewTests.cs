using DbProxy.Core.Monitoring;
using DbProxy.Demo;
using DbProxy.Demo.Counting;
using DbProxy.Demo.Views;
using DbProxy.Demo.Workload;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using Xunit;

namespace DbProxy.IntegrationTests.Demo;

/// <summary>What the demo shows of given readings.</summary>
public sealed class ViewTests
{
    private const int Width = 100;
    private const int Lines = 29;

    private static readonly DemoFacts Facts = new(
        "MySQL 9.7.1", 2, 8, "Server=127.0.0.1;Port=6033;User ID=app;Password=0123456789abcdef01234567;Database=app",
        "mysql -h 127.0.0.1 -P 6033 -u app -p0123456789abcdef01234567 app", new Uri("http://127.0.0.1:6070/metrics"));

    private readonly Tally _tally = new(servers: 3, primaryId: 1);

    [Fact]
    public void The_picture_fits_100_columns_and_30_lines_and_shows_who_answered()
    {
        var history = new History(Reading(0));
        for (int i = 0; i < 300; i++)
        {
            _tally.Read(2 + (uint)(i % 2));
            _tally.Timed(Operation.PointRead, TimeSpan.FromMilliseconds(2).Ticks * System.Diagnostics.Stopwatch.Frequency / TimeSpan.TicksPerSecond);
        }

        history.Add(Reading(1));
        string[] picture = Draw(history, [new(DateTime.Now, LogLevel.Warning, "db3 takes no reads: [it] lags")]).TrimEnd('\n').Split('\n');
        Assert.Equal(Lines, picture.Length);
        Assert.All(picture, l => Assert.True(l.TrimEnd().Length <= Width, l));
        string db2 = Assert.Single(picture, l => l.Contains("db2", StringComparison.Ordinal));
        Assert.Contains("replica", db2, StringComparison.Ordinal);
        Assert.Matches(@" 150 .* 50 % ", db2);
        Assert.Contains(picture, l => l.Contains(Facts.ConnectionString, StringComparison.Ordinal));
        Assert.Contains(picture, l => l.Contains(Facts.CommandLine, StringComparison.Ordinal));
        Assert.Contains(picture, l => l.Contains("[it] lags", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("work", true)]
    [InlineData("stale", false)]
    [InlineData("misplaced", false)]
    [InlineData("error", false)]
    public void Only_a_workload_without_a_flaw_passes(string happened, bool passes)
    {
        if (happened != "nothing")
        {
            _tally.OwnRead(2, stale: happened == "stale");
            _tally.Write(happened == "misplaced" ? 2u : 1u);
        }

        if (happened == "error")
        {
            _tally.Failed("Lost connection");
        }

        var lines = Summary.Lines(Facts, new History(Reading(1))).ToList();
        Assert.Equal(passes ? "Result: passed" : "Result: FAILED", lines[^1]);
        Assert.Equal(happened == "error", lines.Contains("Last error: Lost connection"));
    }

    [Fact]
    public void Percentiles_are_within_a_bucket_of_the_truth()
    {
        Assert.Null(_tally.Snapshot().Percentile(Operation.PointRead, 0.5));
        for (int microseconds = 1; microseconds <= 10_000; microseconds++)
        {
            _tally.Timed(Operation.PointRead, microseconds * System.Diagnostics.Stopwatch.Frequency / 1_000_000);
        }

        foreach (double part in (double[])[0.01, 0.5, 0.95, 0.99, 1])
        {
            var seen = _tally.Snapshot().Percentile(Operation.PointRead, part)!.Value.TotalMicroseconds;
            Assert.InRange(seen / (10_000 * part), 0.999, 1.1);
        }
    }

    private static string Draw(History history, IReadOnlyList<DemoEvent> events)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (Width, Lines, true);
        console.Write(Screen.Create(Facts, history, events));
        return text.ToString();
    }

    private DemoReading Reading(int seconds) => new(
        TimeSpan.FromSeconds(seconds), _tally.Snapshot(),
        [Server(1, ServerRole.Primary), Server(2, ServerRole.Replica), Server(3, ServerRole.Replica)],
        [new("replica", "read: any fresh replica", 300)], [], 8, 24);

    private static ServerReading Server(uint id, ServerRole role) => new(
        id, $"db{id}", 40_000 + (int)id, 12_345,
        new ServerModel { Health = ServerHealth.Up, Role = role, InRotation = role == ServerRole.Replica, LagMilliseconds = 1 });
}
