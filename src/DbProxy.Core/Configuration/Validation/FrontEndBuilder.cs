using System.Collections.Immutable;
using System.Net;
using DbProxy.Core.Configuration.Loading;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Frontends and backends: readable, complete, none twice, and every backend that is named is there.</summary>
internal sealed class FrontEndBuilder(MistakeList mistakes, AddressCheck addresses, SecretReader secrets, ImmutableArray<ServerConfig> topology)
{
    private readonly MatchBuilder _matches = new(mistakes);

    public BalancerConfig Build(ProxyOptions options)
    {
        var backends = ImmutableArray.CreateBuilder<BackendConfig>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Backends.Count; i++)
            if (NameOf($"Backends[{i}]", options.Backends[i].Name, names) is { } name)
                backends.Add(new BackendBuilder(mistakes, addresses, secrets, topology, $"Backends[{i}]").Build(name, options.Backends[i]));
        var frontends = ImmutableArray.CreateBuilder<FrontendConfig>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Frontends.Count; i++)
            if (NameOf($"Frontends[{i}]", options.Frontends[i].Name, taken) is { } name)
                frontends.Add(Frontend($"Frontends[{i}]", name, options.Frontends[i], names.Keys));
        return new() { MaxConnections = options.Limits.MaxFrontendConnections, Frontends = frontends.ToImmutable(), Backends = backends.ToImmutable() };
    }

    private FrontendConfig Frontend(string path, string name, FrontendOptions options, ICollection<string> backends)
    {
        if (options.Listen.Count == 0)
            mistakes.Add($"{path}.Listen", "no address to listen on; add one such as \":8080\"");
        var answersItself = options.Mode == FrontendMode.Http && (options.Http.HttpsRedirectPort > 0 || options.Http.Answers.Count > 0);
        if (options.Backend is null && options.Routes.Count == 0 && !answersItself)
            mistakes.Add($"{path}.Backend", "missing; name the backend that clients are sent to");
        CheckBackend(mistakes, $"{path}.Backend", options.Backend, backends);
        var routes = options.Routes.Select((r, i) => Route($"{path}.Routes[{i}]", r, backends)).ToImmutableArray();
        return new()
        {
            Name = name,
            Mode = options.Mode,
            Listen = [.. options.Listen.Select((text, i) => addresses.Bind($"{path}.Listen[{i}]", text)).OfType<IPEndPoint>()],
            Backend = options.Backend,
            Routes = routes,
            Access = [.. options.Access.Select((a, i) => new AccessRule(
                a.Name ?? $"{name} {i + 1}", a.Action, _matches.Build($"{path}.Access[{i}]", a, options.Mode)))],
            MaxConnections = options.MaxConnections,
            ConnectionRate = Rate(options.ConnectionRate),
            ProxyProtocolFrom = _matches.Networks($"{path}.ProxyProtocolFrom", options.ProxyProtocolFrom),
            Tls = options.Tls.Enabled ? FrontendTlsBuilder.Build(mistakes, $"{path}.Tls", options.Tls) : null,
            Http = options.Mode == FrontendMode.Http ? new HttpBuilder(mistakes, _matches, $"{path}.Http").Build(options.Http, backends) : null,
            HandshakeTimeout = options.HandshakeTimeout,
            IdleTimeout = options.IdleTimeout,
            TarpitDelay = options.TarpitDelay,
        };

        RouteRule Route(string at, RouteOptions route, ICollection<string> known)
        {
            if (route.Backend is null)
                mistakes.Add($"{at}.Backend", "missing; name the backend that what matches is sent to");
            CheckBackend(mistakes, $"{at}.Backend", route.Backend, known);
            return new(_matches.Build(at, route, options.Mode), route.Backend ?? "");
        }
    }

    internal static RateLimitConfig? Rate(RateOptions options) =>
        options.Permits == 0 ? null : new() { Permits = options.Permits, Window = options.Window, Action = options.Action };

    internal static void CheckBackend(MistakeList mistakes, string path, string? name, ICollection<string> known)
    {
        if (name is not null && !known.Contains(name))
            mistakes.Add(path, $"there is no backend \"{name}\"{(known.Count == 0 ? "" : $"; there are {string.Join(", ", known)}")}");
    }

    private string? NameOf(string path, string? name, Dictionary<string, string> names)
    {
        if (string.IsNullOrWhiteSpace(name))
            mistakes.Add($"{path}.Name", "missing; give it a name for logs and metrics");
        else if (!names.TryAdd(name, path))
            mistakes.Add($"{path}.Name", $"\"{name}\" is also the name of {names[name]}; give each its own name");
        else return name;
        return null;
    }
}
