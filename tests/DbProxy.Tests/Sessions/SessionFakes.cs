using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;

namespace DbProxy.Tests.Sessions;

/// <summary>Settings, connections and answers for tests without servers.</summary>
internal static class SessionFakes
{
    public const Capabilities Modern = Capabilities.Protocol41 | Capabilities.SessionTrack | Capabilities.DeprecateEof;

    public static SessionSettings With(this SessionSettings settings, SessionSettings variablesOf)
    {
        foreach (var (name, value) in variablesOf.Variables)
        {
            settings = settings.WithVariable(name, value);
        }

        return settings;
    }

    /// <summary>A connection that belongs to no pool.</summary>
    public static ServerConnection Connection(ByteChannel channel, Capabilities capabilities = Modern) =>
        new(null!, channel, capabilities, 7, SessionSettings.Create("", 45));

    /// <summary>Has the tracker of a connection read one OK packet.</summary>
    public static void Answer(ServerConnection connection, ServerStatus status, Action<SessionStateWriter>? state = null)
    {
        using var entries = new SessionStateWriter();
        state?.Invoke(entries);
        using var writer = new PacketWriter();
        OkPacket.Write(writer, 1, Modern, status, stateChanges: entries.Encoded);
        Read(connection, writer);
    }

    /// <summary>Has the tracker of a connection read one ERR packet.</summary>
    public static void Refuse(ServerConnection connection, ushort code)
    {
        using var writer = new PacketWriter();
        new ErrPacket(code, "HY000", "no").Write(writer, 1);
        Read(connection, writer);
    }

    private static void Read(ServerConnection connection, PacketWriter packets)
    {
        byte[] bytes = packets.WrittenSpan.ToArray();
        int position = 0, end = bytes.Length;
        connection.Tracker.Begin(ResponseShape.Results, ResponseTranslation.None(true, true));
        Xunit.Assert.Equal(ScanResult.Complete, connection.Tracker.Scan(bytes, ref position, ref end));
    }
}
