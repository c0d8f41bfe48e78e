namespace DbProxy.Demo.Site.Breaking;

/// <summary>The time in which something was broken. A request that was under way then may fail.</summary>
internal readonly record struct Break(TimeSpan Start, TimeSpan End)
{
    public bool Touches(Outside.Sample sample) => sample.Start <= End && sample.End >= Start;
}
