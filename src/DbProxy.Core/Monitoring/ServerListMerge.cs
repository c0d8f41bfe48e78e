using System.Collections.Immutable;
using DbProxy.Core.Configuration;

namespace DbProxy.Core.Monitoring;

/// <summary>What becomes of the servers when their configuration changes while operators have changed them, too.</summary>
internal static class ServerListMerge
{
    /// <summary>The servers from then on: in the order of the next configuration, and behind them those that were added at run
    /// time.</summary>
    /// <param name="now">The servers that there are.</param>
    /// <param name="before">As they were configured.</param>
    /// <param name="next">As they are configured.</param>
    public static List<ServerConfig> Of(IEnumerable<ServerConfig> now, ImmutableArray<ServerConfig> before, ImmutableArray<ServerConfig> next)
    {
        var (left, merged) = (now.ToDictionary(s => s.Name, StringComparer.Ordinal), new List<ServerConfig>());
        foreach (var config in next)
        {
            var former = before.FirstOrDefault(b => b.Name == config.Name);
            if (left.Remove(config.Name, out var server))
                merged.Add(former is null ? config : Merge(server, former, config));
            else if (former != config)
                // One that is configured as it was has been removed at run time, and stays away.
                merged.Add(config);
        }
        merged.AddRange(left.Values.Where(s => !before.Any(b => b.Name == s.Name)));
        return merged;
    }

    /// <summary>Why these can't be the servers; null: they can.</summary>
    public static string? Problem(IReadOnlyCollection<ServerConfig> servers)
    {
        if (servers.Count == 0)
            return "no server would be left; add another one first";
        if (servers.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } name)
            return $"there is a server \"{name.Key}\" already; give the new one another name";
        return servers.GroupBy(s => s.Address.ToString(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } address
            ? $"{string.Join(" and ", address.Select(s => $"\"{s.Name}\""))} would both be at {address.Key}; remove one of them"
            : null;
    }

    private static ServerConfig Merge(ServerConfig now, ServerConfig before, ServerConfig next) => next with
    {
        Address = before.Address == next.Address ? now.Address : next.Address,
        Weight = before.Weight == next.Weight ? now.Weight : next.Weight,
    };
}
