using DbProxy.Admin.Api.Models;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.Admin.Api.Reports;

internal sealed partial class Reporter
{
    // A configured weight of 1 is 100 inside, so that a slow start has steps.
    private const double WeightScale = 100;

    /// <summary>The backends by name.</summary>
    public BackendInfo[] Backends() =>
        [.. (_context.Balancer?.Backends.Values ?? []).OrderBy(b => b.Name, StringComparer.Ordinal).Select(Backend)];

    /// <summary>A server of a backend.</summary>
    public ServerInfo Server(Backend backend, Server server)
    {
        var (config, status, counters) = (server.Config, server.Status, server.Counters);
        return new(
            server.Name, backend.Name, AddressOf(config), status.Name, status.Admin.ToString().ToLowerInvariant(), status.Reason, status.Since,
            Check(server.LastCheck), Check(server.LastAgentCheck), Of("check failures", counters.CheckFailures), config.Weight, server.Weight / WeightScale, config.IsBackup,
            new(server.ActiveConnections, counters.MaxActive, server.Limit is var most and > 0 ? most : null, Of(Sessions, counters.Sessions)),
            Rates.Of(server, Sessions), IfAny(server, counters.Http), new(Of("in", counters.BytesIn), Of("out", counters.BytesOut)),
            new(Of("connect", counters.ConnectErrors), Of("response", counters.ResponseErrors)), Of("retries", counters.Retries),
            Of("redispatches", counters.Redispatches), Of("went down", counters.WentDown), Math.Round(server.DownTime.TotalSeconds, 1));

        long Of(string counter, long raw) => _tally.Of(server, counter, raw);
    }

    private BackendInfo Backend(Backend backend)
    {
        ServerInfo[] servers = [.. backend.Servers.Select(s => Server(backend, s))];
        var working = servers.Where(s => s.State == "UP").ToList();
        return new(
            backend.Name, backend.Config.Balance, backend.IsUp ? "UP" : "DOWN", working.Count(s => !s.IsBackup), working.Count(s => s.IsBackup),
            Math.Round(working.Sum(s => s.EffectiveWeight), 2), new(backend.Queued, backend.MaxQueued, backend.Config.MaxQueue),
            new(backend.Active, backend.MaxActive, null, Of(Sessions, backend.Sessions)), Rates.Of(backend, Sessions), IfAny(backend, backend.Http),
            new(servers.Sum(s => s.Bytes.In), servers.Sum(s => s.Bytes.Out)), Of("refused", backend.Refused),
            new(servers.Sum(s => s.Errors.Connect), servers.Sum(s => s.Errors.Response)), servers.Sum(s => s.Retries), servers.Sum(s => s.Redispatches), servers);

        long Of(string counter, long raw) => _tally.Of(backend, counter, raw);
    }

    private static CheckInfo? Check(CheckReport? check) =>
        check is null ? null : new(check.IsGood, check.Detail, Math.Round(check.Duration.TotalMilliseconds, 1), check.At);

    private RequestFigures? IfAny(object owner, HttpCounters counters) => Volatile.Read(ref counters.Requests) == 0 ? null : RequestsOf(owner, counters);

    private static string AddressOf(ServerConfig config) =>
        config.Host.Contains(':', StringComparison.Ordinal) ? $"[{config.Host}]:{config.Port}" : $"{config.Host}:{config.Port}";
}
