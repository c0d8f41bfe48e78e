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

    /// <summary>Logs in, and changes to each of the accounts, always with the hash made of the greeting's nonce.</summary>
    /// <param name="port">The peer.</param>
    /// <param name="login">Of the login.</param>
    /// <param name="accounts">To change to.</param>
    /// <param name="plugins">Whether the client can be asked for another plugin.</param>
    /// <param name="named">Whether COM_CHANGE_USER names the plugin.</param>
    /// <returns>The error of each change, or null.</returns>
    public static async Task<int?[]> ChangeUserAsync(int port, ClusterAccount login, ClusterAccount[] accounts, bool plugins, bool named)
    {
        var capabilities = Capabilities.Protocol41 | Capabilities.SecureConnection | (plugins ? Capabilities.PluginAuth : 0);
        await using var client = await RawClient.DialAsync(port);
        HandshakeV10 greeting = HandshakeV10.Parse((await client.ReceiveAsync())!);
        using var writer = new PacketWriter();
        new HandshakeResponse
        {
            Capabilities = capabilities, MaxPacketSize = 1 << 24, CollationId = 45, User = Encoding.UTF8.GetBytes(login.User),
            AuthResponse = Hash(login, greeting), AuthPlugin = AuthPlugins.NativePassword,
        }.Write(writer, 1);
        await client.SendBytesAsync(writer.WrittenMemory);
        if ((await client.ReceiveAsync())![0] != OkPacket.Header)
        {
            throw new InvalidOperationException("The login failed.");
        }

        List<int?> errors = [];
        foreach (ClusterAccount account in accounts)
        {
            writer.Clear();
            new ChangeUser
            {
                User = Encoding.UTF8.GetBytes(account.User), CollationId = 45, AuthResponse = Hash(account, greeting),
                AuthPlugin = named ? AuthPlugins.NativePassword : "",
            }.Write(writer, capabilities);
            await client.SendBytesAsync(writer.WrittenMemory);
            byte[] answer = (await client.ReceiveAsync())!;
            if (answer[0] == AuthSwitchRequest.Header)
            {
                // What it makes of the switch is the same hash.
                byte[] proof = Hash(account, greeting);
                await client.SendBytesAsync(new byte[] { (byte)proof.Length, 0, 0, (byte)(client.Sequence + 1) }.Concat(proof).ToArray());
                answer = (await client.ReceiveAsync())!;
            }

            errors.Add(answer[0] == OkPacket.Header ? null : ErrPacket.Parse(answer).Code);
        }

        return [.. errors];
    }

    private static byte[] Hash(ClusterAccount account, HandshakeV10 greeting) =>
        NativePassword.Scramble(Encoding.UTF8.GetBytes(account.Password), greeting.Nonce);
}
