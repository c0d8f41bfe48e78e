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

    private static readonly DemoFacts Facts = new(
        "MySQL 9.7.1", 2, 8, "Server=127.0.0.1;Port=6033;User ID=app;Password=0123456789abcdef01234567;Database=app",
        "mysql -h 127.0.0.1 -P 6033 -u app -p0123456789abcdef01234567 app", new Uri("http://127.0.0.1:6070/metrics"));

    private readonly Tally _tally = new(servers: 3, primaryId: 1);

    [Theory]
    [InlineData(100, 29)]
    [InlineData(80, 23)]
    public void The_picture_fits_its_terminal_and_shows_who_answered(int width, int height)
    {
        Read(times: 2_970_000);
        var history = new History(Reading(0));
        Read(times: 30_000);
        history.Add(Reading(1));
        string[] picture = Draw(history, width, height);
        Assert.Equal(height, picture.Length);
        Assert.All(picture, l => Assert.True(l.TrimEnd().Length <= width, l));
        string db2 = Assert.Single(picture, l => l.Contains("db2", StringComparison.Ordinal));
        Assert.Contains("replica", db2, StringComparison.Ordinal);
        // On one line, with the largest numbers that a long run can bring.
        Assert.Matches(@"db2 :40002 +replica +up +12.3 s +15,000 +0 +1,500,000 +0 ", db2);
        Assert.Contains(picture, l => l.Contains("db3", StringComparison.Ordinal));
        Assert.Contains(picture, l => l.Contains(Facts.CommandLine, StringComparison.Ordinal));
        Assert.Contains(picture, l => l.Contains($"{Facts.Statistics}  {Facts.Metrics}", StringComparison.Ordinal));
        Assert.Contains(picture, l => l.Contains("stale reads", StringComparison.Ordinal));
        if (width >= 100)
        {
            Assert.Contains(" 50 % 4194304 ", db2, StringComparison.Ordinal);
            Assert.Contains(picture, l => l.Contains(Facts.ConnectionString, StringComparison.Ordinal));
            Assert.Contains(picture, l => l.Contains("[it] lags", StringComparison.Ordinal));
        }
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

    private static string[] Draw(History history, int width, int height)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, height, true);
        DemoEvent[] events = [new(DateTime.Now, LogLevel.Warning, "db3 takes no reads: [it] lags")];
        console.Write(Screen.Create(Facts, history, events, width));
        return text.ToString().TrimEnd('\n').Split('\n');
    }

    private void Read(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _tally.Read(2 + (uint)(i % 2));
        }
    }

    private DemoReading Reading(int seconds) => new(
        TimeSpan.FromSeconds(seconds), _tally.Snapshot(),
        [Server(1, ServerRole.Primary), Server(2, ServerRole.Replica), Server(3, ServerRole.Replica)],
        [new("replica", "read: any fresh replica", 300)], [], 8, 24);

    private static ServerReading Server(uint id, ServerRole role) => new(
        id, $"db{id}", 40_000 + (int)id, 4_194_304,
        new ServerModel { Health = ServerHealth.Up, Role = role, InRotation = role == ServerRole.Replica, LagMilliseconds = 12_345 });
}
