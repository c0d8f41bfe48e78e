using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Monitoring;

/// <summary>Watches all servers of a topology, also those that come later, each in a loop of its own: one that hangs delays no
/// other.</summary>
public sealed class MonitorService : BackgroundService
{
    private readonly Func<ServerState, IServerProbe> _probe;
    private readonly Dictionary<ServerState, (CancellationTokenSource Stop, Task Run)> _running = [];

    /// <summary>The service over real servers.</summary>
    /// <param name="topology">What is to be watched, and kept up to date.</param>
    /// <param name="settings">Asked before each probe, so that a changed configuration takes effect at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For each change of state.</param>
    public MonitorService(
        Topology topology, Func<MonitorSettings> settings, TimeProvider time, ILogger<MonitorService> logger)
        : this(new(topology, settings, time, logger), server => new MySqlProbe(server, time))
    {
    }

    internal MonitorService(TopologyKeeper keeper, Func<ServerState, IServerProbe> probe) => (Keeper, _probe) = (keeper, probe);

    internal TopologyKeeper Keeper { get; }

    /// <summary>Takes in what an operator wants of a server; it counts before this returns.</summary>
    public void Obey(ServerState server, ServerOrder order) => Keeper.Obey(server, order);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var change = Keeper.Topology.WaitForChangeAsync(stoppingToken);
            Follow(stoppingToken);
            await change.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(_running.Values.Select(r => r.Run));
    }

    private void Follow(CancellationToken stopping)
    {
        var servers = Keeper.Topology.Servers;
        foreach (var server in servers.Where(s => !_running.ContainsKey(s)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var monitor = new ServerMonitor(Keeper, server, _probe(server));
            _running[server] = (stop, Task.Run(() => monitor.RunAsync(stop.Token), CancellationToken.None));
        }
        foreach (var server in _running.Keys.Except(servers).ToList())
        {
            _running.Remove(server, out var gone);
            gone.Stop.Cancel();
        }
    }
}
