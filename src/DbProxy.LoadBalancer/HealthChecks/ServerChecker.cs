using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>Takes a server out of work and back by rise and fall.</summary>
internal sealed class ServerChecker(Backend backend, Server server, HealthCheckConfig config, IHealthProbe probe, TimeProvider time)
    : CheckLoop(server, probe, config.Timeout, time)
{
    private int _good;
    private int _bad;

    protected override TimeSpan Pause => (Server.Status.IsHealthy ? _bad : _good) > 0 ? config.FastInterval : config.Interval;

    internal override void Take(in CheckResult check)
    {
        backend.Heed(Server, check, isAgent: false);
        var up = Server.Status.IsHealthy;
        (_good, _bad) = check.IsGood ? (_good + 1, 0) : (0, _bad + 1);
        if (up && !check.IsGood)
            Interlocked.Increment(ref Server.Counters.CheckFailures);
        if (up && _bad >= config.Fall)
            Server.SetHealth(false, $"{check.Detail} ({_bad} {(_bad == 1 ? "check" : "checks")} failed)");
        else if (!up && _good >= config.Rise)
            Server.SetHealth(true, check.Detail, backend.Config.SlowStart);
        else if (check.IsGood == up)
            Server.SetHealth(up, check.Detail);
    }

    protected override void Report(CheckReport report) => Server.LastCheck = report;
}
