using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;

namespace DbProxy.Core.Routing;

/// <summary>Says of the front end's backends that take their servers from the topology which of these have the role now.</summary>
public sealed class TopologyDirector(Topology topology, ConfigStore config, Balancer balancer)
{
    /// <summary>Says it whenever it changes, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Task change = topology.WaitForChangeAsync(stopping);
            Direct();
            await change.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Says it now.</summary>
    public void Direct()
    {
        TopologyModel current = topology.Current;
        foreach (var (name, role) in config.Current.TopologyBackends)
        {
            if (balancer.Backends.GetValueOrDefault(name) is not { } backend)
            {
                continue;
            }

            Follow(backend, current);
            foreach (var server in backend.Servers)
            {
                ServerState? state = current.Servers.FirstOrDefault(s => s.Name == server.Name);
                bool fits = state is not null && (role == TopologyServers.Primary ? current.Primary == state : current.Fresh.Contains(state));
                server.SetHealth(fits, state is null ? "not in the topology" : $"{state.Model.Role}, {state.Model.Health}: {state.Model.Reason}");
            }
        }
    }

    /// <summary>What an operator added, removed or readdressed is so here, too; what has a socket's file only is out of reach.</summary>
    private static void Follow(Backend backend, TopologyModel current)
    {
        var wanted = current.Servers.Where(s => s is { IsRemoved: false, UnixPath: null }).ToDictionary(s => s.Name);
        foreach (var gone in backend.Servers.Where(s => !wanted.ContainsKey(s.Name)))
        {
            backend.Remove(gone.Name);
        }

        foreach (var (name, state) in wanted)
        {
            var config = backend.Servers.FirstOrDefault(s => s.Name == name)?.Config;
            if (config is null)
            {
                backend.Add(new() { Name = name, Host = state.Host, Port = state.Port, Weight = state.Weight });
            }
            else if ((config.Host, config.Port) != (state.Host, state.Port))
            {
                backend.Servers.First(s => s.Name == name).Config = config with { Host = state.Host, Port = state.Port };
            }
        }
    }
}
