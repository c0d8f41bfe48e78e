using System.Collections.Immutable;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.LoadBalancer;

/// <summary>The whole front end. Immutable.</summary>
public sealed record BalancerConfig
{
    /// <summary>Nothing to do.</summary>
    public static BalancerConfig Empty { get; } = new();

    /// <summary>The most connections of all frontends together; who comes beyond waits. Default 100,000.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>Where clients connect; names are unique.</summary>
    public ImmutableArray<FrontendConfig> Frontends { get; init; } = [];

    /// <summary>Where they are sent; names are unique, and every one that a frontend names is there.</summary>
    public ImmutableArray<BackendConfig> Backends { get; init; } = [];
}
