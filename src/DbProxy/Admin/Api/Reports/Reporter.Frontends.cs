using DbProxy.Admin.Api.Models;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.Admin.Api.Reports;

internal sealed partial class Reporter
{
    /// <summary>The frontends in the order of the configuration.</summary>
    public FrontendInfo[] Frontends() => [.. (_context.Balancer?.Frontends ?? []).Select(Frontend)];

    private FrontendInfo Frontend(IFrontend frontend)
    {
        var (config, counters) = (frontend.Config, frontend.Counters);
        return new(
            config.Name, config.Mode.ToString().ToLowerInvariant(), [.. frontend.EndPoints.Select(e => e.ToString())], config.Tls is not null, config.Backend,
            new(Volatile.Read(ref counters.Active), counters.MaxActive, config.MaxConnections, Of(Sessions, counters.Accepted)),
            Rates.Of(frontend, Sessions), config.Http is null ? null : RequestsOf(frontend, counters.Http),
            new(Of("in", counters.BytesIn), Of("out", counters.BytesOut)),
            new(Of("denied", counters.Denied), Of("limited", counters.RateLimited)), Of("errors", counters.ProtocolErrors),
            Of("aborts", counters.Http.ClientAborts),
            [.. config.Access.Select(r => new RuleInfo(r.Name, r.Action.ToString(), _tally.Of(r, "hits", r.Hits)))]);

        long Of(string counter, long raw) => _tally.Of(frontend, counter, raw);
    }
}
