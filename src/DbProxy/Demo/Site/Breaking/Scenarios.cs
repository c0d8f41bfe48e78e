using DbProxy.Demo.Site.Control;
using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Breaking;

/// <summary>Everything that can be broken by name.</summary>
internal static class Scenarios
{
    private static readonly TimeSpan _while = TimeSpan.FromSeconds(6);
    // Longer than the delay, so that its end is seen too.
    private static readonly TimeSpan _whileDelayed = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1.5);
    private static readonly string[] _inwards = [Tiers.Proxy, Tiers.DatabaseFront, Tiers.App, Tiers.Web, Tiers.Front];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Kill("kill-front", "kill a front end", Tiers.Front),
        Kill("kill-web", "kill a web server", Tiers.Web),
        Kill("kill-app", "kill an application server", Tiers.App),
        Kill("kill-database-front", "kill one of those in front of the proxies", Tiers.DatabaseFront),
        Kill("kill-proxy", "kill a proxy", Tiers.Proxy),
        new("kill-replica", "kill a replica", Tiers.Database, run => OnReplicaAsync(run, SiteAction.Kill, SiteAction.Start, _while), new() { InFlightMayFail = true }),
        new("stop-replication", "stop a replica's replication", Tiers.Database,
            run => OnReplicaAsync(run, SiteAction.StopReplication, SiteAction.StartReplication, _while), new() { LeavesWithin = TimeSpan.FromSeconds(1) }),
        new("delay-replica", "make a replica apply everything 10 s late", Tiers.Database,
            run => OnReplicaAsync(run, SiteAction.Delay, SiteAction.Undelay, _whileDelayed), new() { LeavesWithin = Expectation.StalestRead }),
        new("freeze-replica", "stop a replica by SIGSTOP: it hangs and does not refuse", Tiers.Database,
            run => OnReplicaAsync(run, SiteAction.Pause, SiteAction.Resume, _while), new() { InFlightMayFail = true }),
        new("move-primary", "make the primary read-only and promote a replica", Tiers.Database, MovePrimaryAsync, new() { OrdersMayFailFor = TimeSpan.FromSeconds(3) }),
        new("roll", "restart everything, one after the other", Tiers.Proxy, RollAsync, new() { OrdersMayFailFor = TimeSpan.FromSeconds(3) }),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    /// <summary>The one that serves in an active-passive pair is the first.</summary>
    private static Scenario Kill(string name, string summary, string tier) => new(
        name, summary, tier, run => OnAsync(run, run.Site.Running(tier)[0], SiteAction.Kill, SiteAction.Start, _while), new() { InFlightMayFail = true });

    private static Task OnReplicaAsync(ScenarioRun run, SiteAction harm, SiteAction mend, TimeSpan time) =>
        OnAsync(run, run.Site.Replica, harm, mend, time);

    private static async Task OnAsync(ScenarioRun run, string target, SiteAction harm, SiteAction mend, TimeSpan time)
    {
        await run.BreakAsync(harm, target);
        try
        {
            await run.WatchAsync(time);
        }
        finally
        {
            await run.MendAsync(mend, target);
        }
    }

    private static async Task MovePrimaryAsync(ScenarioRun run)
    {
        await run.BreakAsync(SiteAction.Promote, run.Site.Replica);
        await run.WatchAsync(_while);
    }

    /// <summary>From the inside outwards, then the databases; the primary moves away before its own turn.</summary>
    private static async Task RollAsync(ScenarioRun run)
    {
        foreach (var member in _inwards.SelectMany(run.Site.Running))
            await RestartAsync(run, member);
        var former = run.Site.Primary;
        foreach (var replica in run.Site.Running(Tiers.Database).Where(d => d != former))
            await RestartAsync(run, replica);
        await run.BreakAsync(SiteAction.Promote, run.Site.Replica);
        await run.WatchAsync(_between);
        await RestartAsync(run, former);
    }

    private static async Task RestartAsync(ScenarioRun run, string member)
    {
        await run.MendAsync(SiteAction.Restart, member);
        await run.WatchAsync(_between);
    }
}
