using DbProxy.Core.Monitoring;
using DbProxy.LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DbProxy.IntegrationTests.Monitoring;

/// <summary>The monitor at work on a cluster, and the conditions that a test waits for.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly MonitorService _service;
    private readonly ReplicationCluster _cluster;

    private Watch(ReplicationCluster cluster, MonitorSettings settings)
    {
        _cluster = cluster;
        Topology = new Topology(cluster.Servers.Select((s, i) => new ServerState(i, $"db{i + 1}", "127.0.0.1", s.Port)));
        _service = new MonitorService(Topology, () => settings, TimeProvider.System, NullLogger<MonitorService>.Instance);
    }

    internal Topology Topology { get; }

    internal ServerState this[LocalServer server] => Topology.Servers.Single(s => s.Port == server.Port);

    /// <summary>Starts to watch and waits until everybody is known.</summary>
    internal static async Task<Watch> StartAsync(
        ReplicationCluster cluster, Func<MonitorSettings, MonitorSettings>? change = null)
    {
        var settings = new MonitorSettings { User = cluster.Monitor.User, Password = cluster.Monitor.Password };
        var watch = new Watch(cluster, change?.Invoke(settings) ?? settings);
        await watch._service.StartAsync(CancellationToken.None);
        await watch.UntilAsync(
            () => watch.IsPrimary(cluster.Primary) && watch.Topology.Current.Fresh.Length == cluster.Replicas.Count,
            "everybody is known");
        return watch;
    }

    internal bool IsPrimary(LocalServer server) => Topology.Current.Primary == this[server];

    internal bool IsReplica(LocalServer server) => Topology.Current.Replicas.Contains(this[server]);

    internal bool IsFresh(LocalServer server) => Topology.Current.Fresh.Contains(this[server]);

    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow + _patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not within {_patience.TotalSeconds} s: {what}. {this}");
            await Task.Delay(10);
        }
    }

    /// <summary>One more transaction on the primary every 50 ms until disposed.</summary>
    internal Ticks StartTicks() => new(_cluster);

    public override string ToString() => string.Join(" | ", Topology.Servers.Select(s =>
        $"{s} {s.Model.Health} {s.Model.Role} lag {s.Model.LagMilliseconds:0}: {s.Model.Reason}"));

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
    }

    internal sealed class Ticks : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _ticking;

        internal Ticks(ReplicationCluster cluster) => _ticking = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                await cluster.ExecuteAsync(cluster.Primary, "INSERT INTO app.ticks VALUES ()");
                await Task.Delay(50);
            }
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _ticking;
            _stop.Dispose();
        }
    }
}
