using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;

namespace DbProxy.Admin;

/// <summary>What operators look at and change.</summary>
/// <param name="Config">The configuration in force.</param>
/// <param name="Proxy">The MySQL proxy; null: there is none.</param>
/// <param name="Balancer">The front end; null: there is none.</param>
internal sealed record AdminContext(ConfigStore Config, ProxyServer? Proxy, Balancer? Balancer);
