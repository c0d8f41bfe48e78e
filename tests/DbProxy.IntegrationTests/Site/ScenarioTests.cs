using DbProxy.Demo.Site.Breaking;
using DbProxy.Demo.Site.Control;
using DbProxy.Demo.Site.Members;
using Xunit;

namespace DbProxy.IntegrationTests.Site;

/// <summary>
/// What users notice when parts of the site break. Times are not held against the limits here, for a busy machine
/// is slower than any of them: that no request fails is; the command's own verdict has the times.
/// </summary>
[Collection(nameof(Site))]
public sealed class ScenarioTests
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task One_of_each_kind_dies_and_no_request_fails_but_those_under_way()
    {
        var site = await RunningSite.GetAsync();
        string[] victims = ["front1", "web1", "app1", "database-front1", "proxy1", (await site.ViewAsync()).Replica];
        var report = await site.PlayAsync(new("one-of-each", "kill one of each", Tiers.App, async run =>
        {
            foreach (var victim in victims)
            {
                await run.BreakAsync(SiteAction.Kill, victim);
                await run.WatchAsync(TimeSpan.FromSeconds(4));
            }

            foreach (var victim in victims.Reverse())
                await run.MendAsync(SiteAction.Start, victim);
        }, new() { InFlightMayFail = true }));
        Check(report);
        Assert.True(report.Traffic.LongestGap < Busy, Text(report));
    }

    [Theory]
    [InlineData("stop-replication")]
    [InlineData("delay-replica")]
    [InlineData("freeze-replica")]
    public async Task A_replica_that_falls_behind_or_hangs_costs_no_request(string name)
    {
        var site = await RunningSite.GetAsync();
        var report = await site.PlayAsync(Scenarios.Find(name)!);
        Check(report);
        Assert.True(report.Traffic.MostStale < Busy, Text(report));
    }

    [Fact]
    public async Task The_primary_moves_and_only_orders_notice()
    {
        var site = await RunningSite.GetAsync();
        var before = await site.ViewAsync();
        var report = await site.PlayAsync(Scenarios.Find("move-primary")!);
        Check(report);
        var after = await site.ViewAsync();
        Assert.NotEqual(before.Primary, after.Primary);
        Assert.Contains(report.Traffic.Requests, r => r.Placed > 0 && r.By["X-Db-Write"].EndsWith($"/{after.Primary[2..]}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_of_each_kind_restarts_and_no_request_fails()
    {
        var site = await RunningSite.GetAsync();
        string[] members = ["proxy1", "database-front1", "app1", "web1", "front1", (await site.ViewAsync()).Replica];
        Check(await site.PlayAsync(new("roll-half", "restart one of each", Tiers.App, async run =>
        {
            foreach (var member in members)
            {
                await run.MendAsync(SiteAction.Restart, member);
                await run.WatchAsync(TimeSpan.FromSeconds(1));
            }
        }, new())));
    }

    private static void Check(BreakReport report)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(Text(report));
        Assert.Contains(report.Traffic.Requests, r => r.Placed > 0);
        Assert.True(report.Unexpected.Count == 0, Text(report));
    }

    private static string Text(BreakReport report) => string.Join('\n', report.Lines());
}
