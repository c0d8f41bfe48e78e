using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

public sealed class ResetTests
{
    [Theory, EachFlavor]
    public async Task A_client_pool_that_resets_gets_a_clean_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY)");
        var pool = bed.Proxy.ConnectionString(bed.Schema, b => (b.Pooling, b.MaximumPoolSize, b.ConnectionReset) = (true, 1, true));
        int? thread = null;
        for (var i = 0; i < 4; i++)
        {
            await using var session = new MySqlConnector.MySqlConnection(pool);
            await session.OpenAsync();
            Assert.Equal(thread ??= session.ServerThread, session.ServerThread);
            Assert.Equal(["NULL|0"], await session.RowsAsync("SELECT @a, @@sql_mode = 'ANSI'"));
            Assert.Equal(0, await session.NumberAsync("SELECT LAST_INSERT_ID()"));
            Assert.Equal(1, await session.NumberAsync("SELECT @@autocommit"));
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
            await session.RunAsync("SET @a = 1", "SET sql_mode = 'ANSI'", "CREATE TEMPORARY TABLE tt (id INT)", "SET autocommit = 0", "INSERT INTO t VALUES ()");
        }

        MySqlConnector.MySqlConnection.ClearAllPools();
        await using var check = await bed.OpenAsync();
        Assert.Equal(0, await check.NumberAsync("/* dbproxy:primary */ SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task Reset_keeps_the_schema_and_drops_the_rest(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, "app");
        await client.AskAsync(CommandKind.InitDb, bed.Schema);
        await client.RowsAsync("SET time_zone = '+04:00'");
        var prepared = await client.PrepareAsync("SELECT 1");
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.ResetConnection))[0]);
        Assert.Equal([$"{bed.Schema}|0"], await client.RowsAsync("SELECT DATABASE(), @@time_zone = '+04:00'"));
        var execute = await client.AskAsync(CommandKind.StmtExecute, [.. BitConverter.GetBytes(prepared.StatementId), 0, 1, 0, 0, 0]);
        Assert.Equal(1243, ErrPacket.Parse(execute).Code);
    }

    [Theory, EachFlavor]
    public async Task Change_user_starts_over_as_the_other_user(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var user = $"u{bed.Schema}";
        await bed.Cluster.CreateUserAsync(user, "secret-1", bed.IsMySql ? "caching_sha2_password" : null, $"SELECT ON {bed.Schema}.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        await using var client = await RawClient.ConnectAsync(
            bed.Proxy.Port, bed.Cluster.App, bed.Schema, Capabilities.DeprecateEof | Capabilities.PluginAuth, Protocol.Login.TlsMode.Required);
        await client.RowsAsync("SET @a = 1");
        for (var i = 0; i < 2; i++)
        {
            var answer = await ChangeUserAsync(client, user, "secret-1", bed.Schema);
            Assert.True(answer[0] == OkPacket.Header, answer[0] == ErrPacket.Header ? ErrPacket.Parse(answer).ToString() : "?");
            Assert.Equal([$"{user}@%|{bed.Schema}|NULL"], await client.RowsAsync("SELECT CURRENT_USER(), DATABASE(), @a"));
        }

        Assert.Equal(1045, ErrPacket.Parse(await ChangeUserAsync(client, user, "wrong", bed.Schema)).Code);
    }

    /// <summary>COM_CHANGE_USER answering an auth switch; TLS, so that the password may go in clear.</summary>
    private static async Task<byte[]> ChangeUserAsync(RawClient client, string user, string password, string schema)
    {
        // No proof at first, as for an unknown nonce: the peer has to send a switch with a fresh one.
        byte[] command = [.. Encoding.UTF8.GetBytes(user), 0, 0, .. Encoding.UTF8.GetBytes(schema), 0, 45, 0, .. "caching_sha2_password"u8, 0];
        var answer = await client.AskAsync(CommandKind.ChangeUser, command);
        while (answer[0] is AuthSwitchRequest.Header or AuthMoreData.Header)
        {
            byte[] reply;
            if (answer[0] == AuthSwitchRequest.Header)
            {
                var request = AuthSwitchRequest.Parse(answer);
                var nonce = request.Nonce.ToArray();
                reply = request.Plugin == AuthPlugins.NativePassword
                    ? NativePassword.Scramble(Encoding.UTF8.GetBytes(password), nonce)
                    : CachingSha2.Scramble(Encoding.UTF8.GetBytes(password), nonce);
            }
            else if (answer[1] == 4)
            {
                reply = [.. Encoding.UTF8.GetBytes(password), 0];
            }
            else
            {
                answer = (await client.ReceiveAsync())!;
                continue;
            }

            await client.SendBytesAsync(new byte[] { (byte)reply.Length, 0, 0, (byte)(client.Sequence + 1) }.Concat(reply).ToArray());
            answer = (await client.ReceiveAsync())!;
        }

        return answer;
    }
}
