using DbProxy.Core.Monitoring;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.Tests.Monitoring;

/// <summary>Servers db1, db2, … whose probes a test makes up, evaluated as the monitor does it.</summary>
internal sealed class Group
{
    internal Group(int servers, MonitorSettings? settings = null)
    {
        Settings = settings ?? Readings.Settings;
        Topology = new Topology(Enumerable.Range(1, servers).Select(i => new ServerState(i - 1, $"db{i}", $"db{i}", 3306)));
    }

    internal MonitorSettings Settings { get; }

    internal Topology Topology { get; }

    internal TopologyModel Current => Topology.Current;

    internal ServerState this[int server] => Topology.Servers[server - 1];

    internal ServerModel Model(int server) => this[server].Model;

    internal Group Sees(ProbeReading reading, int? server = null)
    {
        Take(server ?? (int)reading.Identity.ServerId, m => ServerEvaluator.Succeed(m, reading, null, Settings));
        return this;
    }

    internal Group Fails(int server, ProbeFailureKind kind, double at = 0)
    {
        Take(server, m => ServerEvaluator.Fail(m, Readings.Failure(kind), Settings, TimeSpan.FromSeconds(at)));
        return this;
    }

    internal Group Orders(int server, AdminState state)
    {
        Take(server, m => m with { Order = new(state, "why not") });
        return this;
    }

    private void Take(int server, Func<ServerModel, ServerModel> take) => Topology.Update(before =>
    {
        var models = before.Servers.ToDictionary(s => s, s => s.Model);
        models[this[server]] = take(models[this[server]]);
        return TopologyEvaluator.Evaluate(before, models, Settings, DateTimeOffset.UnixEpoch);
    });
}
