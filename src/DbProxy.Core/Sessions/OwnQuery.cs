using DbProxy.Core.Backends;
using DbProxy.Core.Relay;
using DbProxy.Protocol;

namespace DbProxy.Core.Sessions;

/// <summary>A statement of the proxy's own on a connection of a session; its answer stays in the connection's tracker.</summary>
internal static class OwnQuery
{
    /// <summary>Runs it; false: the connection is of no use any more.</summary>
    public static async ValueTask<bool> RunAsync(Session session, ServerConnection connection, string sql)
    {
        using var command = new PacketWriter();
        SettingsWriter.WriteQuery(command, sql, connection.HasQueryAttributes);
        return await new CommandRelay(session.Input, () => session.Channel).QueryAsync(connection, command.WrittenMemory);
    }

    /// <summary>Runs it; false: it failed, or the connection did.</summary>
    public static async ValueTask<bool> SucceedsAsync(Session session, ServerConnection connection, string sql) =>
        await RunAsync(session, connection, sql) && connection.Tracker.Summary.ErrorCode == 0;
}
