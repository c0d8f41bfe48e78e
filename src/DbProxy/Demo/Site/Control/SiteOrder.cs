namespace DbProxy.Demo.Site.Control;

/// <summary>One action on one member; the target is empty for <see cref="SiteAction.View"/>.</summary>
internal sealed record SiteOrder(SiteAction Action, string Target = "");
