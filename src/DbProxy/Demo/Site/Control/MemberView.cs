using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Control;

/// <summary>One process of the site.</summary>
internal sealed record MemberView(string Name, string Tier, MemberState State, string Address, Uri? Metrics);
