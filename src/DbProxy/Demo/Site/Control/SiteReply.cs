namespace DbProxy.Demo.Site.Control;

/// <summary>What came of an order: the state behind it, or why it failed.</summary>
internal sealed record SiteReply(string? Error, SiteView? View);
