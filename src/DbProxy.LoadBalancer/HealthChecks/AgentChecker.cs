using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>
/// Asks a server's agent beside the ordinary check: both must say up. As with HAProxy a word counts at once, and an agent
/// that can't be reached or understood says nothing: what it said last stands.
/// </summary>
internal sealed class AgentChecker(Backend backend, Server server, AgentCheckConfig config, IHealthProbe probe, TimeProvider time)
    : CheckLoop(server, probe, config.Timeout, time)
{
    protected override TimeSpan Pause => config.Interval;

    internal override void Take(in CheckResult check)
    {
        backend.Heed(Server, check, isAgent: true);
        if (check.AgentUp is { } up)
            Server.SetAgentHealth(up, check.Detail, backend.Config.SlowStart);
    }

    protected override void Report(CheckReport report) => Server.LastAgentCheck = report;
}
