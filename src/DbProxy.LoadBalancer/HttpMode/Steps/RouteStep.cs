using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>Finds the backend: the first route that matches, else the frontend's default.</summary>
internal sealed class RouteStep(FrontendConfig frontend, IReadOnlyDictionary<string, Backend> backends)
{
    private readonly (RouteRule Rule, string Name)[] _routes = [.. frontend.Routes.Select((r, i) => (r, $"route {i + 1}"))];

    public Backend? BackendFor(Exchange exchange)
    {
        var name = frontend.Backend;
        foreach (var (rule, label) in _routes)
            if (rule.Match.Holds(exchange))
            {
                (name, exchange.Rule) = (rule.Backend, label);
                break;
            }
        return exchange.Backend = name is null ? null : backends.GetValueOrDefault(name);
    }
}
