namespace DbProxy.Demo.Site.Breaking;

/// <summary>Something that goes wrong, and what users may notice of it.</summary>
/// <param name="Name">As in config/scenarios.</param>
/// <param name="Summary">For the list.</param>
/// <param name="Tier">Whose members are watched.</param>
/// <param name="PlayAsync">Breaks, waits and mends.</param>
/// <param name="Expected">What users may notice.</param>
internal sealed record Scenario(string Name, string Summary, string Tier, Func<ScenarioRun, Task> PlayAsync, Expectation Expected);
