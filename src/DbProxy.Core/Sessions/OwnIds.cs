using System.Text;
using DbProxy.Protocol;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>Statements that ask for the connection's id get the session's own.</summary>
internal static class OwnIds
{
    // A rewritten text must still fit into one packet, aliases and all.
    private const int Longest = 4 << 20;

    /// <summary>The client's command with the id in its text; empty, as for nearly all: it goes out as it is.</summary>
    /// <param name="session">Its current packet is the command.</param>
    /// <param name="statement">What the text is.</param>
    /// <param name="textAt">Where in the payload it begins.</param>
    public static ReadOnlyMemory<byte> Replace(Session session, in Statement statement, int textAt) =>
        statement.HasAny(StatementTraits.ConnectionId) && session.Input.Payload.Length <= Longest && Replace(session, session.Input.Payload[textAt..]) is { } text
            ? Framed(session.Input.Payload[..textAt], text)
            : default;

    /// <summary>The text with the id in it; null: nothing is to be changed.</summary>
    public static byte[]? Replace(Session session, ReadOnlySpan<byte> sql) => ConnectionIds.AreServersOwn(session.State.Settings.Schema)
        ? null
        : ConnectionIds.Replace(sql, session.State.Modes, session.Id);

    /// <summary>A command with another text behind what precedes the client's one: its kind and its query attributes.</summary>
    public static ReadOnlyMemory<byte> Framed(ReadOnlySpan<byte> head, ReadOnlySpan<byte> text)
    {
        using var writer = new PacketWriter();
        writer.Begin(0);
        writer.WriteBytes(head);
        writer.WriteBytes(text);
        writer.End();
        return writer.WrittenSpan.ToArray();
    }
}
