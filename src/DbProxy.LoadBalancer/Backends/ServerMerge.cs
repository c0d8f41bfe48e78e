using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>What becomes of a backend's servers when its configuration changes.</summary>
internal static class ServerMerge
{
    /// <summary>The servers from then on with their configurations: in the order of the next one, and behind them those that
    /// were added at run time.</summary>
    /// <param name="now">The servers that there are.</param>
    /// <param name="before">As they were configured.</param>
    /// <param name="next">As they are configured.</param>
    /// <param name="make">Makes a server.</param>
    public static List<(Server Server, ServerConfig Config)> Of(
        IReadOnlyCollection<Server> now, IReadOnlyCollection<ServerConfig> before, IReadOnlyCollection<ServerConfig> next, Func<ServerConfig, Server> make)
    {
        var merged = new List<(Server, ServerConfig)>();
        foreach (var config in next)
        {
            var former = before.FirstOrDefault(b => b.Name == config.Name);
            if (now.FirstOrDefault(s => s.Name == config.Name) is { } server)
                merged.Add((server, former is null ? config : Merge(server.Config, former, config)));
            else if (former != config)
                // One that is configured as it was has been removed at run time, and stays away.
                merged.Add((make(config), config));
        }
        merged.AddRange(now.Where(s => !next.Any(n => n.Name == s.Name) && !before.Any(b => b.Name == s.Name)).Select(s => (s, s.Config)));
        return merged;
    }

    private static ServerConfig Merge(ServerConfig now, ServerConfig before, ServerConfig next) => next with
    {
        Host = (before.Host, before.Port) == (next.Host, next.Port) ? now.Host : next.Host,
        Port = (before.Host, before.Port) == (next.Host, next.Port) ? now.Port : next.Port,
        Weight = before.Weight == next.Weight ? now.Weight : next.Weight,
        IsBackup = before.IsBackup == next.IsBackup ? now.IsBackup : next.IsBackup,
        MaxConnections = before.MaxConnections == next.MaxConnections ? now.MaxConnections : next.MaxConnections,
    };
}
