using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;
using DbProxy.Transport;

namespace DbProxy.Core.Sessions;

/// <summary>
/// What a replica, or a reader of changes, sends to its source. It introduces itself, and from then on keeps its connection
/// to the primary; once it asks for the binary log both sockets are relayed, whatever is said on them (events, heartbeats,
/// acknowledgements of a semi-synchronous replica), until one side ends, or another server becomes the primary. Then it is told so.
/// </summary>
internal sealed class ReplicaCommands(Session session, ProxyContext context, StatementRunner runner)
{
    // Room for any error packet: its text has at most 512 bytes.
    private const int FirstAnswer = 4 << 10;

    // A client that reads nothing cannot be told why its stream ends, and must not keep it.
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(5);

    private static readonly Statement Unclassified = new(StatementKind.Unknown, StatementAccess.Write, StatementTraits.None, RoutingHint.None);

    /// <summary>COM_REGISTER_SLAVE.</summary>
    public async ValueTask<bool> RegisterAsync()
    {
        await runner.RepinAsync(PinReasons.Replica, PinReasons.Replica);
        bool goesOn = await runner.RunAsync(new(Unclassified, ResponseShape.Single));
        if (!runner.Last.Succeeded)
        {
            await runner.RepinAsync(PinReasons.Replica, PinReasons.None);
        }

        return goesOn;
    }

    /// <summary>COM_BINLOG_DUMP and COM_BINLOG_DUMP_GTID; false, as a rule: the session ends with the stream.</summary>
    public async ValueTask<bool> DumpAsync()
    {
        ServerState? server = session.Leases.Kept?.Backend.State ?? (session.Role == ListenRole.Replica
            ? context.Topology.Current.Fresh.FirstOrDefault()
            : context.Topology.Current.Primary);
        if (server is null)
        {
            return await session.SendErrorAsync(MySqlErrors.ServerShutdown, "There is no primary server at present to read the binary log from. Try again when one is up.");
        }

        LeaseResult lease = await session.Leases.LeaseAsync(Unclassified, new(server, RouteReason.Write));
        if (lease.Connection is not { } connection)
        {
            return await session.SendErrorAsync(lease.Error ?? new(MySqlErrors.CannotConnect, $"Can't connect to server {server.Name}"));
        }

        session.Working = connection;
        var client = new DumpClient(session.Channel, session.Capabilities) { Why = $"server {server.Name} ended it, or the proxy is stopping" };
        byte[] first = new byte[FirstAnswer];
        int received = await connection.Channel.SendAsync(session.Input.Packet) ? await connection.Channel.ReceiveAsync(first) : 0;
        if (received > 0 && await client.SendAsync(first.AsMemory(0, received)))
        {
            if (IsRefusal(first.AsSpan(0, received)))
            {
                GoOn(connection, ErrPacket.Parse(first.AsSpan(PacketHeader.Size, received - PacketHeader.Size)));
                return true;
            }

            await StreamAsync(client, connection);
        }

        session.Working = null;
        session.Leases.Release();
        connection.Pool.Discard(connection);
        return false;
    }

    private async Task StreamAsync(DumpClient client, ServerConnection connection)
    {
        var relay = new DuplexRelay(client, connection.Channel);
        using var ended = new CancellationTokenSource();
        Log.DumpBegins(context.Logger, session.Id, connection.Backend.State.Name);
        session.IsStreaming = true;
        Task following = FollowPrimaryAsync(relay, client, connection, ended.Token);
        RelayEnd end = await relay.RunAsync();
        session.IsStreaming = false;
        await ended.CancelAsync();
        await following;
        connection.Counters.BytesReceived += relay.FromServer;
        connection.Counters.BytesSent += relay.FromClient;
        Log.DumpEnded(context.Logger, session.Id, connection.Backend.State.Name, end, relay.FromServer);
    }

    /// <summary>Its replicas must move with the primary: they connect again and find the new one.</summary>
    private async Task FollowPrimaryAsync(DuplexRelay relay, DumpClient client, ServerConnection connection, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                Task change = context.Topology.WaitForChangeAsync(ended);
                if (session.Role != ListenRole.Replica && context.Topology.Current.Primary is { } primary && primary != connection.Backend.State)
                {
                    client.Why = $"server {primary.Name} is the primary now";
                    connection.Abort();
                    await Task.Delay(TellLimit, ended);
                    relay.Abort();
                    return;
                }

                await change;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static bool IsRefusal(ReadOnlySpan<byte> answer) =>
        answer.Length > PacketHeader.Size && answer[PacketHeader.Size] == ErrPacket.Header
        && answer.Length == PacketHeader.Size + PacketHeader.ReadLength(answer);

    private void GoOn(ServerConnection connection, ErrPacket error)
    {
        context.Counters.Error(error.Code, fromProxy: false);
        session.Working = null;
        if (session.Leases.Kept != connection)
        {
            connection.Pool.Return(connection);
        }
    }
}
