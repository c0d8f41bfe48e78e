using DbProxy.Demo.Site.Control;
using DbProxy.Demo.Site.Outside;

namespace DbProxy.Demo.Site.Breaking;

/// <summary>A scenario while it plays: what it may do, and a note of when it did what.</summary>
internal sealed class ScenarioRun
{
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(3);

    private readonly ISiteDriver _driver;
    private readonly OutsideClient _client;
    private readonly Action<string> _say;
    private readonly double _pace;
    private readonly CancellationToken _cancel;
    private readonly List<Break> _breaks = [];

    private ScenarioRun(ISiteDriver driver, SiteView site, OutsideClient client, Action<string> say, double pace, CancellationToken cancel) =>
        (_driver, Site, _client, _say, _pace, _cancel) = (driver, site, client, say, pace, cancel);

    /// <summary>As it was behind the last action.</summary>
    public SiteView Site { get; private set; }

    /// <summary>Who was broken last.</summary>
    public string? Target { get; private set; }

    /// <summary>Those of the target's tier that ran while it was broken.</summary>
    public IReadOnlyList<string> Left { get; private set; } = [];

    /// <summary>Since when the target should be back; null: it never is.</summary>
    public TimeSpan? Mended { get; private set; }

    public IReadOnlyList<Break> Breaks => _breaks;

    /// <summary>Plays a scenario under a client's eyes.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="driver">The site that it happens to.</param>
    /// <param name="say">Told each action.</param>
    /// <param name="pace">How long its pauses are, relative to those for people who watch.</param>
    /// <param name="cancel">Breaks it off.</param>
    public static async Task<BreakReport> PlayAsync(
        Scenario scenario, ISiteDriver driver, Action<string> say, double pace = 1, CancellationToken cancel = default)
    {
        var site = await driver.DoAsync(new(SiteAction.View), cancel);
        await using var client = OutsideClient.Start(site);
        var run = new ScenarioRun(driver, site, client, say, pace, cancel);
        await run.WatchAsync(_margin);
        await scenario.PlayAsync(run);
        await run.WatchAsync(_margin);
        return new BreakReport(scenario, run, await client.StopAsync());
    }

    public Task WatchAsync(TimeSpan time) => Task.Delay(time * _pace, _cancel);

    /// <summary>Does harm.</summary>
    public async Task BreakAsync(SiteAction action, string target)
    {
        var start = _client.Now;
        await DoAsync(action, target, _cancel);
        _breaks.Add(new(start, _client.Now));
        Target = target;
        Left = Site.Running(Site.Members.First(m => m.Name == target).Tier);
    }

    /// <summary>Repairs, or does what nobody should notice.</summary>
    public async Task MendAsync(SiteAction action, string target)
    {
        Mended = _client.Now;
        // Also when the scenario is broken off.
        await DoAsync(action, target, CancellationToken.None);
    }

    private async Task DoAsync(SiteAction action, string target, CancellationToken cancel)
    {
        Site = await _driver.DoAsync(new(action, target), cancel);
        _say($"{_client.Now.TotalSeconds,6:0.0} s  {SiteActions.Text(action)} {target}");
    }
}
