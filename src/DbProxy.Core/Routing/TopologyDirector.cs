using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.LoadBalancer;

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
            foreach (var server in balancer.Backends.GetValueOrDefault(name)?.Servers ?? [])
            {
                ServerState? state = topology.Servers.FirstOrDefault(s => s.Name == server.Name);
                bool fits = state is not null && (role == TopologyServers.Primary ? current.Primary == state : current.Fresh.Contains(state));
                server.SetHealth(fits, state is null ? "not in the topology" : $"{state.Model.Role}, {state.Model.Health}: {state.Model.Reason}");
            }
        }
    }
}
