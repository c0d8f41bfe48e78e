using Xunit;

namespace DbProxy.IntegrationTests.Site;

/// <summary>Tests of the one site run one after the other.</summary>
[CollectionDefinition(nameof(Site))]
public sealed class SiteCollection;
