using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Hosting;
using DbProxy.LoadBalancer.Limits;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>What a frontend goes by now; replaced whole. Immutable.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Host">Where connections go that come now.</param>
/// <param name="Connections">The rate of connections of each source; null: no limit.</param>
/// <param name="Tls">The certificates; null: none.</param>
/// <param name="Parts">What the steps share.</param>
/// <param name="Pipeline">The way of a request.</param>
internal sealed record HttpRules(
    FrontendConfig Config, HttpHost Host, SourceRate? Connections, FrontendTlsStore? Tls, FrontendParts Parts, HttpPipeline Pipeline);
