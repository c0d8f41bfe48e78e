using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Monitoring;

/// <summary>Takes in what is new of the servers, one thing after the other: says who is what from then on, and logs what changed.</summary>
internal sealed class TopologyKeeper(Topology topology, Func<MonitorSettings> settings, TimeProvider time, ILogger logger)
{
    private readonly ChangeReporter _reporter = new(logger);

    internal Topology Topology => topology;

    /// <summary>The limits in force.</summary>
    internal MonitorSettings Settings => settings();

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;

    /// <summary>Takes in what is new of one server; nothing of one that is gone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="take">Makes its next model.</param>
    /// <param name="limits">The limits that count for it.</param>
    /// <param name="then">What to do before anybody else takes something in; null: nothing.</param>
    internal void TakeIn(ServerState server, Func<ServerModel, ServerModel> take, MonitorSettings limits, Action? then = null) =>
        topology.Update(before =>
        {
            var settled = before.Servers.ToDictionary(s => s, s => s.Model);
            if (!settled.TryGetValue(server, out var old))
                return before;
            var model = take(old);
            if (ChangeReporter.IsRestart(old, model))
                server.ForgetLearned();
            var after = TopologyEvaluator.Evaluate(before, new Dictionary<ServerState, ServerModel>(settled) { [server] = model }, limits, time.GetUtcNow());
            then?.Invoke();
            Report(settled, before, after);
            return after;
        });

    /// <summary>Takes in what an operator wants of a server; it counts before this returns.</summary>
    internal void Obey(ServerState server, ServerOrder order) => TakeIn(server, before => before with { Order = order }, Settings);

    /// <summary>From now on these are the servers.</summary>
    /// <param name="servers">All of them.</param>
    /// <param name="removed">Those among them that leave from now on.</param>
    internal void Become(ImmutableArray<ServerState> servers, IReadOnlyCollection<ServerState> removed) =>
        topology.Update(before =>
        {
            var settled = servers.ToDictionary(s => s, s => s.Model);
            var models = settled.ToDictionary(s => s.Key, s => removed.Contains(s.Key) ? s.Value with { Order = ServerOrder.Removed } : s.Value);
            var after = TopologyEvaluator.Evaluate(before with { Servers = servers }, models, Settings, time.GetUtcNow());
            Report(settled, before, after);
            return after;
        });

    private void Report(Dictionary<ServerState, ServerModel> settled, TopologyModel before, TopologyModel after)
    {
        foreach (var (server, model) in settled)
            _reporter.Report(server, model, server.Model);
        _reporter.Report(before, after);
    }
}
