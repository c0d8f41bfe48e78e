using System.Collections.Immutable;
using System.Diagnostics;
using DbProxy.Core.Accounting;
using DbProxy.Core.Routing;
using DbProxy.Core.Sessions;
using DbProxy.LocalCluster;

namespace DbProxy.Demo.Counting;

/// <summary>Takes readings from the clients and from the proxy.</summary>
internal sealed class Reader(ReplicationCluster cluster, DemoProxy proxy, Tally tally)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public DemoReading Take()
    {
        var context = proxy.Server.Context;
        var sums = context.Backends.Select(b => b.Sum()).ToList();
        return new DemoReading(
            Stopwatch.GetElapsedTime(_started),
            tally.Snapshot(),
            [.. cluster.Servers.Zip(proxy.Server.Topology.Servers, Server)],
            Routes(sums),
            Pins(context.Counters),
            context.Sessions.Count,
            context.Backends.Sum(b => b.Connections.Count()));
    }

    private static ServerReading Server(LocalServer server, Core.Monitoring.ServerState state) =>
        new(server.ServerId, state.Name, server.Port, server.ProcessId, state.Model);

    private static ImmutableArray<ReasonCount> Routes(List<ConnectionCounters> sums) =>
        [.. Enum.GetValues<RouteReason>()
            .Select(r => new ReasonCount(ReasonTexts.Snake(r), ReasonTexts.Of(r), sums.Sum(s => s.Routes(r))))
            .Where(r => r.Count > 0)
            .OrderByDescending(r => r.Count)];

    private static ImmutableArray<ReasonCount> Pins(ProxyCounters counters) =>
        [.. Enum.GetValues<PinReasons>()
            .Where(r => r != PinReasons.None)
            .Select(r => new ReasonCount(ReasonTexts.Snake(r), ReasonTexts.Snake(r).Replace('_', ' '), counters.Pins(r)))
            .Where(r => r.Count > 0)
            .OrderByDescending(r => r.Count)];
}
