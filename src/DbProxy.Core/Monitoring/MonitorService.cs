using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Monitoring;

/// <summary>Watches all servers of a topology, each in a loop of its own: one that hangs delays no other.</summary>
public sealed class MonitorService : BackgroundService
{
    private readonly ServerMonitor[] _monitors;

    /// <summary>The service over real servers.</summary>
    /// <param name="topology">What is to be watched, and kept up to date.</param>
    /// <param name="settings">Asked before each probe, so that a changed configuration takes effect at once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For each change of state.</param>
    public MonitorService(
        Topology topology, Func<MonitorSettings> settings, TimeProvider time, ILogger<MonitorService> logger)
        : this(topology, settings, time, logger, server => new MySqlProbe(server, time))
    {
    }

    internal MonitorService(
        Topology topology, Func<MonitorSettings> settings, TimeProvider time, ILogger logger,
        Func<ServerState, IServerProbe> probe)
    {
        ArgumentNullException.ThrowIfNull(topology);
        _monitors = [.. topology.Servers.Select(s => new ServerMonitor(topology, s, probe(s), settings, time, logger))];
    }

    /// <summary>Takes in what an operator wants of a server; it counts before this returns.</summary>
    public void Obey(ServerState server, ServerOrder order) => Array.Find(_monitors, m => m.Server == server)?.Obey(order);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_monitors.Select(m => Task.Run(() => m.RunAsync(stoppingToken), CancellationToken.None)));
}
