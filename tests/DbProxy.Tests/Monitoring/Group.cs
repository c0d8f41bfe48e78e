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
        var index = (server ?? (int)reading.Identity.ServerId) - 1;
        Take(index, m => ServerEvaluator.Succeed(m, reading, null, Settings));
        return this;
    }

    internal Group Fails(int server, ProbeFailureKind kind, double at = 0)
    {
        Take(server - 1, m => ServerEvaluator.Fail(m, Readings.Failure(kind), Settings, TimeSpan.FromSeconds(at)));
        return this;
    }

    internal Group Orders(int server, AdminState state)
    {
        Take(server - 1, m => m with { Order = new(state, "why not") });
        return this;
    }

    private void Take(int index, Func<ServerModel, ServerModel> take) => Topology.Update(before =>
    {
        var models = Topology.Servers.Select(s => s.Model).ToArray();
        models[index] = take(models[index]);
        return TopologyEvaluator.Evaluate(Topology.Servers, models, before, Settings, DateTimeOffset.UnixEpoch);
    });
}
