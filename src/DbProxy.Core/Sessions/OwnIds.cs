using DbProxy.Protocol;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>Statements that ask for the connection's id get the session's own.</summary>
internal static class OwnIds
{
    /// <summary>The text with the id in it; null: nothing is to be changed, as for nearly all statements.</summary>
    public static byte[]? Replace(Session session, in Statement statement, ReadOnlySpan<byte> sql) =>
        statement.HasAny(StatementTraits.ConnectionId) && !ConnectionIds.AreServersOwn(session.State.Settings.Schema)
            ? ConnectionIds.Replace(sql, session.State.Modes, session.Id)
            : null;

    /// <summary>A command with that text; empty: the client's packet goes out as it is.</summary>
    public static ReadOnlyMemory<byte> Framed(CommandKind kind, byte[]? sql)
    {
        if (sql is null)
        {
            return default;
        }

        using var writer = new PacketWriter();
        writer.Begin(0);
        writer.WriteByte((byte)kind);
        writer.WriteBytes(sql);
        writer.End();
        return writer.WrittenSpan.ToArray();
    }
}
