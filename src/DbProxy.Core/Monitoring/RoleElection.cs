using System.Collections.Immutable;

namespace DbProxy.Core.Monitoring;

/// <summary>
/// Who is the primary, as a pure function over all servers' models. The primary is the server that is up, writable,
/// not taken out by an operator, and does not follow one of the others. Where that leaves several, the one that was it stays it; else the one that most
/// replicas follow, then the first in the configuration.
/// </summary>
/// <param name="before">The topology so far.</param>
/// <param name="models">What is known of each server.</param>
/// <param name="settings">The limits.</param>
internal sealed class RoleElection(TopologyModel before, IReadOnlyDictionary<ServerState, ServerModel> models, MonitorSettings settings)
{
    private readonly ImmutableArray<ServerState> _servers = before.Servers;

    /// <summary>Elects, as far as the first probes allow.</summary>
    internal (ServerState? Primary, string Warning) Elect()
    {
        // At the start the first server to answer would win over a better one that answers a millisecond later.
        if (before.LastPrimary is null && models.Values.Any(m => m.Track is { Successes: 0, Failures: 0 }))
            return (null, "");

        var able = _servers.Where(CanBePrimary).ToList();
        if (able.Count == 0)
            return (null, "");
        var primary = able.Contains(before.LastPrimary!)
            ? before.LastPrimary!
            : able.OrderByDescending(Followers).First();
        if (able.Count == 1)
            return (primary, "");
        var others = string.Join(", ", able.Where(s => s != primary));
        return (primary, $"several servers are writable and follow no other: {primary} is the primary, {others} not; "
            + $"set read_only on {others} or make them replicas");
    }

    /// <summary>The role of a server, given the outcome.</summary>
    internal ElectedRole RoleOf(ServerState server, ServerState? primary)
    {
        var model = models[server];
        if (server == primary)
            return new(ServerRole.Primary, "writable, follows no other server");
        if (model.Health != ServerHealth.Up)
        {
            // Who was primary last stays it for the record, until there is another one.
            var wasPrimary = primary is null && server == before.LastPrimary;
            return new(wasPrimary || model.Role != ServerRole.Primary ? model.Role : ServerRole.Unknown, "");
        }
        if (!model.Order.IsReady && !model.ReadOnly && primary is null && server == before.LastPrimary)
            return new(ServerRole.Primary, "writable, follows no other server");
        if (model.Track.Channels.Length > 0 && (model.ReadOnly || Follows(model)))
            return new(ServerRole.Replica, "");
        if (!model.Track.ChannelsKnown && model.ReadOnly)
            return new(ServerRole.Replica, "");
        return new(ServerRole.Unknown, model.ReadOnly
            ? "read-only, but replicates from nowhere: its data may be of any age, so it gets no traffic"
            : primary is null
                ? "writable; waits for its turn to become the primary"
                : $"writable, but {primary} is the primary: gets no traffic");
    }

    private bool CanBePrimary(ServerState server)
    {
        var model = models[server];
        if (model.Health != ServerHealth.Up || model.ReadOnly || !model.Order.IsReady)
            return false;
        var known = before.LastPrimary is null || before.LastPrimary == server;
        // Probes that fail count nothing, but the primary must not lose its role to one of them.
        if (!known && model.Track.WritableProbes < settings.PromotionProbes)
            return false;
        foreach (var channel in model.Track.Channels)
        {
            if ((channel.ReceiverRunning || channel.ApplierRunning) && FollowsABetterOne(server, channel))
                return false;
        }
        return true;
    }

    /// <summary>
    /// A writable replica is a common mistake and must not become the primary when its source dies. But in a ring of
    /// two the source follows back, or is read-only itself: then it can't be the better one.
    /// </summary>
    private bool FollowsABetterOne(ServerState server, ChannelReading channel)
    {
        var source = _servers.FirstOrDefault(s => s != server && IsSource(channel, s));
        if (source is null)
            // One that was never reached, and may just have been added, takes nothing from the primary that there is.
            return server != before.LastPrimary && _servers.Any(s => s != server && models[s].Identity.Flavor == ServerFlavor.Unknown);
        if (models[source].Health != ServerHealth.Up)
            return server != before.LastPrimary;
        return !models[source].ReadOnly && !models[source].Track.Channels.Any(c => IsSource(c, server));
    }

    private int Followers(ServerState server) => _servers.Count(s =>
        s != server && models[s].Health == ServerHealth.Up && models[s].Track.Channels.Any(c => IsSource(c, server)));

    private static bool Follows(ServerModel model) =>
        model.Track.Channels.Any(c => c.ReceiverRunning || c.ApplierRunning);

    /// <summary>By what the source says of itself; the address may be written in another way on the replica.</summary>
    private bool IsSource(ChannelReading channel, ServerState server)
    {
        var identity = models[server].Identity;
        if (channel.SourceUuid != Guid.Empty && identity.ServerUuid != Guid.Empty)
            return channel.SourceUuid == identity.ServerUuid;
        if (channel.SourceServerId != 0 && identity.ServerId != 0)
            return channel.SourceServerId == identity.ServerId;
        return channel.Source.Equals($"{server.Host}:{server.Port}", StringComparison.OrdinalIgnoreCase);
    }
}
