using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>What a session goes by from its start to its end, whatever is configured meanwhile. Immutable.</summary>
/// <param name="Config">The frontend's configuration.</param>
/// <param name="Backends">The backends by name.</param>
/// <param name="Rate">The rate of connections of each source; null: no limit.</param>
/// <param name="Tls">The certificates where TLS ends here; null: it passes through, or there is none.</param>
internal sealed record TcpRules(FrontendConfig Config, IReadOnlyDictionary<string, Backend> Backends, SourceRate? Rate, FrontendTlsStore? Tls)
{
    /// <summary>Whether a rule asks for the name in the ClientHello, which must then come first.</summary>
    public bool ReadsServerName { get; } = Config.Tls is null
        && (Config.Routes.Any(r => !r.Match.Hosts.IsEmpty) || Config.Access.Any(r => !r.Match.Hosts.IsEmpty));

    /// <summary>The backend of the first route that matches, with that route's name, else the default one.</summary>
    public (Backend? Backend, string? Route) RouteOf(IRequestFacts facts)
    {
        for (var i = 0; i < Config.Routes.Length; i++)
            if (Config.Routes[i].Match.Holds(facts))
                return (Backends.GetValueOrDefault(Config.Routes[i].Backend), $"route {i + 1}");
        return (Config.Backend is { } name ? Backends.GetValueOrDefault(name) : null, null);
    }
}
