using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>The checks of a backend's servers, also of those that come later.</summary>
internal sealed class BackendChecker(Backend backend, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Server, (CancellationTokenSource Stop, Task Run)> _running = [];
    private readonly HealthCheckConfig? _check = backend.Config.Check;
    private readonly AgentCheckConfig? _agent = backend.Config.Agent;
    private readonly IHealthProbe? _probe = backend.Config.Check is { } check ? ProbeOf(backend, check) : null;
    private bool _stopped;

    /// <summary>Checks the servers that the backend has, whichever they are.</summary>
    public void Start()
    {
        backend.ServersChanged += Follow;
        Follow();
    }

    public async ValueTask DisposeAsync()
    {
        backend.ServersChanged -= Follow;
        List<(CancellationTokenSource Stop, Task Run)> running;
        lock (_lock)
            (_stopped, running) = (true, [.. _running.Values]);
        running.ForEach(static r => r.Stop.Cancel());
        await Task.WhenAll(running.Select(r => r.Run));
        (_probe as IDisposable)?.Dispose();
    }

    private void Follow()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            foreach (var server in backend.Servers.Where(s => !_running.ContainsKey(s)))
            {
                var stop = new CancellationTokenSource();
                _running[server] = (stop, Task.WhenAll(Loops(server).Select(l => l.RunAsync(stop.Token))));
            }
            foreach (var (server, (stop, _)) in _running.Where(r => !backend.Servers.Contains(r.Key)).ToList())
            {
                _running.Remove(server);
                stop.Cancel();
            }
        }
    }

    private IEnumerable<CheckLoop> Loops(Server server)
    {
        if (_probe is not null)
            yield return new ServerChecker(backend, server, _check!, _probe, time);
        if (_agent is not null)
            yield return new AgentChecker(backend, server, _agent, new AgentProbe(_agent), time);
    }

    private static IHealthProbe ProbeOf(Backend backend, HealthCheckConfig config) => config.Kind switch
    {
        CheckKind.Http => new HttpProbe(backend, config),
        CheckKind.MySql => new MySqlProbe(backend, config),
        CheckKind.Agent => new AgentProbe(new() { Port = config.Port }),
        _ => new TcpProbe(backend, config),
    };
}
