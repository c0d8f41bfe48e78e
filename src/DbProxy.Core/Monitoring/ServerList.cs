using System.Collections.Immutable;
using DbProxy.Core.Configuration;

namespace DbProxy.Core.Monitoring;

/// <summary>
/// The servers that there are, by configuration and by operators. One that is removed stays in the topology, as drained, until
/// nothing runs there any more; at another address a server is another one, under the same name.
/// </summary>
internal sealed class ServerList
{
    private readonly Lock _lock = new();
    private readonly TopologyKeeper _keeper;
    private ImmutableArray<Member> _members;

    /// <param name="keeper">Of the topology made by <see cref="NewTopology"/>.</param>
    /// <param name="configured">What that was made of.</param>
    public ServerList(TopologyKeeper keeper, ImmutableArray<ServerConfig> configured) =>
        (_keeper, _members) = (keeper, [.. configured.Zip(keeper.Topology.Servers, (c, s) => new Member(c, s))]);

    private Topology Topology => _keeper.Topology;

    /// <summary>The servers as configured, before any was looked at.</summary>
    public static Topology NewTopology(ImmutableArray<ServerConfig> configured) => new(configured.Select((c, i) => Make(i, c)));

    /// <summary>Why another configuration of the servers can't be taken in; null: it can.</summary>
    public string? WhyNot(ImmutableArray<ServerConfig> before, ImmutableArray<ServerConfig> next)
    {
        lock (_lock)
            return ServerListMerge.Problem(ServerListMerge.Of(Now(), before, next));
    }

    /// <summary>Takes another configuration in. What was changed at run time stays, unless the configuration's own value changed.</summary>
    public void Apply(ImmutableArray<ServerConfig> before, ImmutableArray<ServerConfig> next)
    {
        lock (_lock)
            Become(ServerListMerge.Of(Now(), before, next));
    }

    /// <summary>Makes other servers of those that there are, or says why not.</summary>
    public string? Change(Func<ImmutableArray<ServerConfig>, IEnumerable<ServerConfig>> change)
    {
        lock (_lock)
        {
            List<ServerConfig> wanted = [.. change([.. Now()])];
            if (ServerListMerge.Problem(wanted) is { } problem)
                return problem;
            Become(wanted);
            return null;
        }
    }

    /// <summary>Forgets removed servers on which nothing is left; called by the sweep.</summary>
    public void DropEmpty()
    {
        if (!Topology.Servers.Any(IsOver))
            return;
        lock (_lock)
        {
            var gone = Topology.Servers.Where(IsOver).ToList();
            _keeper.Become([.. Topology.Servers.Except(gone)], []);
            foreach (var server in gone)
            {
                // A connection that is just being opened would be one that nobody watches.
                server.Backend.AbortAll();
                MonitorLog.Gone(_keeper.Logger, server.Name, server.Address.ToString());
            }
        }
    }

    // What was cut, sessions that are idle still have in hand.
    private static bool IsOver(ServerState server) => server.IsRemoved && (server.Backend.IsEmpty || server.Backend.IsCut);

    private IEnumerable<ServerConfig> Now() => _members.Select(m => m.Config with { Weight = m.Server.Weight });

    private void Become(List<ServerConfig> wanted)
    {
        var (former, indexes) = (_members, Topology.Servers.Select(s => s.Index).ToHashSet());
        _members = [.. wanted.Select(c => former.FirstOrDefault(m => m.Is(c)) ?? new Member(c, Make(FreeIndex(indexes), c)))];
        foreach (var (config, server) in _members.Except(former))
            // What an operator wants of it counts at another address, too.
            server.Model = server.Model with { Order = former.FirstOrDefault(m => m.Config.Name == config.Name)?.Server.Model.Order ?? ServerOrder.Ready };
        var left = former.Select(m => m.Server).Except(_members.Select(m => m.Server)).ToList();
        foreach (var (config, server) in _members.Zip(wanted, (m, c) => (c, m.Server)))
            server.Weight = config.Weight;
        foreach (var server in left)
            MonitorLog.Removed(_keeper.Logger, server.Name, server.Address.ToString());
        foreach (var server in _members.Except(former).Select(m => m.Server))
            MonitorLog.Added(_keeper.Logger, server.Name, server.Address.ToString());
        _keeper.Become([.. _members.Select(m => m.Server), .. Topology.Servers.Where(s => s.IsRemoved), .. left], left);
        // Only now: who finds it so will not be sent there again.
        left.ForEach(s => s.IsRemoved = true);
    }

    private static int FreeIndex(HashSet<int> taken)
    {
        var index = 0;
        while (!taken.Add(index))
            index++;
        return index;
    }

    private static ServerState Make(int index, ServerConfig server) =>
        new(index, server.Name, server.Address.UnixPath is null ? server.Address.Host : "localhost", server.Address.Port, server.Weight)
        {
            UnixPath = server.Address.UnixPath,
            ProxyHeader = server.ProxyProtocol,
        };

    /// <summary>A server that was not removed.</summary>
    private sealed record Member(ServerConfig Config, ServerState Server)
    {
        public bool Is(ServerConfig other) => Config with { Weight = 0 } == other with { Weight = 0 };
    }
}
