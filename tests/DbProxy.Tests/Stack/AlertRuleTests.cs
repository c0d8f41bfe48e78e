using Xunit;

namespace DbProxy.Tests.Stack;

public sealed class AlertRuleTests
{
    [Theory]
    [InlineData("check", "rules", "config/prometheus/alerts.yml")]
    [InlineData("check", "config", "config/prometheus/prometheus.yml")]
    [InlineData("test", "rules", "config/prometheus/alerts.test.yml")]
    public async Task Prometheus_finds_nothing_wrong(params string[] arguments)
    {
        var result = await StackFiles.RunAsync("promtool", "prometheus", arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public void Every_alert_has_a_story()
    {
        var stories = StackFiles.Read("config", "prometheus", "alerts.test.yml");
        var untold = StackFiles.Read("config", "prometheus", "alerts.yml").Split('\n')
            .Where(l => l.Contains("- alert: ", StringComparison.Ordinal))
            .Select(l => l.Split(": ")[1].Trim())
            .Where(alert => !stories.Contains($"alertname: {alert}", StringComparison.Ordinal));
        Assert.Empty(untold);
    }
}
