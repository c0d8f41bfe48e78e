using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>Logs in as clients of MySQL 5 do: mysql_native_password, and nothing else is understood.</summary>
internal static class OldClient
{
    /// <returns>The error, or null: logged in.</returns>
    public static async Task<ErrPacket?> LoginAsync(int port, ClusterAccount account)
    {
        await using var client = await RawClient.DialAsync(port);
        if (!HandshakeV10.TryParse((await client.ReceiveAsync())!, out var greeting, out var error))
        {
            return error;
        }

        var password = Encoding.UTF8.GetBytes(account.Password);
        using var writer = new PacketWriter();
        new HandshakeResponse
        {
            Capabilities = Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuth | Capabilities.LongPassword,
            MaxPacketSize = 1 << 24, CollationId = 45, User = Encoding.UTF8.GetBytes(account.User),
            AuthResponse = NativePassword.Scramble(password, greeting.Nonce), AuthPlugin = AuthPlugins.NativePassword,
        }.Write(writer, 1);
        await client.SendBytesAsync(writer.WrittenMemory);
        while (await client.ReceiveAsync() is { } packet)
        {
            switch (packet[0])
            {
                case OkPacket.Header:
                    return null;
                case ErrPacket.Header:
                    return ErrPacket.Parse(packet);
                default:
                    var request = AuthSwitchRequest.Parse(packet);
                    if (request.Plugin != AuthPlugins.NativePassword)
                    {
                        return new(2059, "HY000", $"plugin {request.Plugin} is not known to this client");
                    }

                    byte[] proof = NativePassword.Scramble(password, request.Nonce.ToArray());
                    await client.SendBytesAsync(new byte[] { (byte)proof.Length, 0, 0, (byte)(client.Sequence + 1) }.Concat(proof).ToArray());
                    break;
            }
        }

        return new(2013, "HY000", "closed");
    }
}
