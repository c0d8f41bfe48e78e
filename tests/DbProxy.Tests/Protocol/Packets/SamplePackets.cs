using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;

namespace DbProxy.Tests.Protocol.Packets;

/// <summary>Valid packets of every kind.</summary>
internal static class SamplePackets
{
    public const Capabilities MySql = Capabilities.Protocol41 | Capabilities.LongPassword | Capabilities.SecureConnection
        | Capabilities.PluginAuth | Capabilities.PluginAuthLenencData | Capabilities.ConnectWithDb
        | Capabilities.ConnectAttributes | Capabilities.SessionTrack | Capabilities.DeprecateEof | Capabilities.Ssl;

    public const Capabilities MariaDb = MySql & ~Capabilities.LongPassword | Capabilities.MariaDbCacheMetadata
        | Capabilities.MariaDbExtendedMetadata;

    private static readonly List<byte[]> Packets = [.. Make()];

    public static IReadOnlyList<byte[]> All() => Packets;

    public static HandshakeV10 Greeting(Capabilities capabilities) => new()
    {
        ServerVersion = capabilities.HasFlag(Capabilities.LongPassword) ? "9.7.0" : "5.5.5-10.11.19-MariaDB",
        ConnectionId = 77, Nonce = Nonce.Create(), Capabilities = capabilities, CollationId = 255,
        Status = ServerStatus.AutoCommit, AuthPlugin = AuthPlugins.CachingSha2,
    };

    public static HandshakeResponse Response(Capabilities capabilities) => new()
    {
        Capabilities = capabilities, User = "app"u8.ToArray(), AuthResponse = new byte[32], Schema = "shop"u8.ToArray(),
        CollationId = 45, AuthPlugin = AuthPlugins.CachingSha2,
        Attributes = ConnectionAttributes.FromPairs([new("_client_name", "test"), new("_pid", "1")]),
    };

    public static ChangeUser Change() => new()
    {
        User = "app"u8.ToArray(), AuthResponse = new byte[20], Schema = "shop"u8.ToArray(), CollationId = 255,
        AuthPlugin = AuthPlugins.NativePassword, Attributes = ConnectionAttributes.FromPairs([new("a", "b")]),
    };

    public static byte[] TrackedOk()
    {
        using var state = new SessionStateWriter();
        state.AddVariable("autocommit"u8, "ON"u8);
        state.Add(SessionStateKind.Schema, "shop"u8);
        state.Add(SessionStateKind.StateChange, "1"u8);
        state.Add(SessionStateKind.Gtids, "3E11FA47-71CA-11E1-9E33-C80AA9429562:23"u8);
        state.Add(SessionStateKind.TransactionState, "T_______"u8);
        var changes = state.Encoded.ToArray();
        return Framing.Payload(w => OkPacket.Write(w, 1, MySql, ServerStatus.AutoCommit, 3, 1000, 2, "info"u8, changes));
    }

    private static IEnumerable<byte[]> Make()
    {
        foreach (var capabilities in new[] { MySql, MariaDb })
        {
            yield return Framing.Payload(Greeting(capabilities).Write);
            yield return Framing.Payload(w => new SslRequest(capabilities, 1 << 24, 45).Write(w, 1));
            yield return Framing.Payload(w => Response(capabilities).Write(w, 1));
            yield return Framing.Payload(w => Change().Write(w, capabilities));
            yield return Framing.Payload(w => new StmtPrepareOk(1, 2, 3, 4).Write(w, 1, capabilities));
            yield return Framing.Payload(w => new ColumnDefinition { Name = "n"u8.ToArray() }.Write(w, 1, capabilities));
        }
        yield return TrackedOk();
        yield return Framing.Payload(w => AuthSwitchRequest.ForNonce(AuthPlugins.NativePassword, Nonce.Create()).Write(w, 2));
        yield return Framing.Payload(w => AuthMoreData.Write(w, 2, [4]));
        yield return Framing.Payload(w => new ErrPacket(MySqlErrors.AccessDenied, "no").Write(w, 2));
        yield return Framing.Payload(w => new EofPacket(1, ServerStatus.AutoCommit).Write(w, 2));
    }
}
