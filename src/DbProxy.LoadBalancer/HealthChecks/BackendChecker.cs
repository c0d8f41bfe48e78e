using System.Collections.Concurrent;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>The checks of a backend's servers, also of those that come later.</summary>
internal sealed class BackendChecker(Backend backend, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Server, (CancellationTokenSource Stop, Task Run)> _running = new();
    private readonly IHealthProbe _probe = ProbeOf(backend);

    /// <summary>Checks the servers that the backend has now, and no others.</summary>
    public void Follow()
    {
        foreach (var server in backend.Servers)
            if (!_running.ContainsKey(server))
            {
                var stop = new CancellationTokenSource();
                _running[server] = (stop, new ServerChecker(backend, server, _probe, time).RunAsync(stop.Token));
            }
        foreach (var (server, (stop, _)) in _running)
            if (!backend.Servers.Contains(server) && _running.TryRemove(server, out _))
                stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (stop, _) in _running.Values)
            await stop.CancelAsync();
        await Task.WhenAll(_running.Values.Select(r => r.Run));
        (_probe as IDisposable)?.Dispose();
    }

    private static IHealthProbe ProbeOf(Backend backend) => backend.Config.Check!.Kind switch
    {
        CheckKind.Http => new HttpProbe(backend),
        CheckKind.MySql => new MySqlProbe(backend.Config.Check),
        CheckKind.Agent => new AgentProbe(backend.Config.Check),
        _ => new TcpProbe(backend),
    };
}
