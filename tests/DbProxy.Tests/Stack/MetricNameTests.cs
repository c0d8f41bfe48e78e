using System.Text.RegularExpressions;
using DbProxy.Admin.Metrics;
using DbProxy.Core;
using DbProxy.Core.Accounting;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Xunit;

namespace DbProxy.Tests.Stack;

/// <summary>What rules and dashboards ask for is what <c>/metrics</c> has: a renamed metric would silence an alert for ever.</summary>
public sealed partial class MetricNameTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Theory]
    [InlineData("config/prometheus/alerts.yml")]
    [InlineData("config/prometheus/alerts.test.yml")]
    [InlineData("config/grafana/dashboards/site.json")]
    [InlineData("deploy/kubernetes/autoscaler.yaml")]
    public async Task Every_name_is_exported(string file)
    {
        var exported = await ExportedAsync();
        var asked = Name().Matches(StackFiles.Read(file)).Select(m => Suffix().Replace(m.Value, "")).Distinct().ToList();
        Assert.NotEmpty(asked);
        Assert.Equal([], asked.Except(exported));
    }

    private async Task<HashSet<string>> ExportedAsync()
    {
        var registry = Metrics.NewCustomRegistry();
        var config = _text.Load(ConfigText.With("""
            "Frontends": [{ "Name": "f", "Mode": "Http", "Listen": ["127.0.0.1:0"], "Backend": "b" }],
            "Backends": [{ "Name": "b", "Servers": [{ "Address": "127.0.0.1:1" }] }]
            """)).RequireConfig();
        await using var proxy = new ProxyServer(new ConfigStore(config), NullLoggerFactory.Instance);
        await using var balancer = new Balancer(config.FrontEnd, NullLoggerFactory.Instance);
        _ = new MetricsPublisher(proxy, registry);
        _ = new BalancerMetrics(balancer, registry);
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return [.. Family().Matches(System.Text.Encoding.UTF8.GetString(text.ToArray())).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@"\bdbproxy_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("^# TYPE ([a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex Family();
}
