using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>What KILL answers, in all its forms, is what a server answers.</summary>
public sealed class KillRightsTests
{
    private const string Long = "SELECT 1 FROM (SELECT 1 AS x) y WHERE SLEEP(20)";

    /// <summary># stands for the connection's own id. An answer that closes the connection is marked so.</summary>
    [Theory, EachFlavor]
    public async Task Every_form_is_answered_as_by_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        foreach (var sql in new[]
                 {
                     "KILL QUERY #", "KILL #", "KILL QUERY CONNECTION_ID()", "KILL CONNECTION_ID()", "KILL CONNECTION CONNECTION_ID() ; -- end", "KILL QUERY @me", "KILL @me",
                     "KILL @@pseudo_thread_id", "KILL QUERY @@pseudo_thread_id", "KILL HARD QUERY #", "KILL SOFT CONNECTION #", "KILL 99999999", "KILL 99999999+1", "KILL -5",
                     "KILL 'abc'", "KILL NULL", "KILL 1.5e7", "KILL (SELECT 77777777)", "KILL 18446744073709551615", "KILL QUERY ID 99999999", "KILL USER nobody", "KILL USER 'nobody'@'%'", "KILL nonsense",
                     "KILL", "KILL QUERY", "KILL 1 2",
                 })
        {
            var direct = await AnswerAsync(bed, bed.Cluster.Primary.Port, sql);
            Assert.Equal(direct, await AnswerAsync(bed, bed.Proxy.Port, sql));
        }
    }

    [Theory, EachFlavor]
    public async Task An_administrator_may_kill_others_and_the_server_says_who_is_one(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var (admin, other) = ($"a{bed.Schema}", $"o{bed.Schema}");
        await bed.Cluster.CreateUserAsync(admin, "secret", null, flavor == Flavor.MySql ? "CONNECTION_ADMIN ON *.*" : "CONNECTION ADMIN ON *.*");
        await bed.Cluster.CreateUserAsync(other, "secret", null, $"SELECT ON {bed.Schema}.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        await using var session = await bed.OpenAsync();
        await using var stranger = await bed.OpenAsync(b => (b.UserID, b.Password) = (other, "secret"));
        await using var administrator = await bed.OpenAsync(b => (b.UserID, b.Password, b.Database) = (admin, "secret", ""));

        var denied = await stranger.FailsAsync($"KILL QUERY {session.ServerThread}");
        Assert.Equal((1095, $"You are not owner of thread {session.ServerThread}"), (denied.Number, denied.Message));
        var sleeping = session.RowsAsync(Long);
        await RunningStatements.UntilAsync(bed, 1);
        Assert.Equal(1095, (await stranger.FailsAsync($"KILL {session.ServerThread}")).Number);
        await administrator.RunAsync($"KILL QUERY {session.ServerThread}");
        Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);

        await administrator.RunAsync($"KILL {session.ServerThread}");
        await Assert.ThrowsAnyAsync<Exception>(() => session.ServerIdAsync());
        Assert.Equal(1095, (await stranger.FailsAsync($"KILL {administrator.ServerThread}")).Number);
    }

    [Theory, EachFlavor]
    public async Task A_killed_client_loses_its_connection_in_the_middle_of_a_statement(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var killer = await bed.OpenAsync();
        await using var victim = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await victim.SendAsync(CommandKind.Query, "SELECT SLEEP(20) FOR UPDATE");
        await RunningStatements.UntilAsync(bed, 1);
        await killer.RunAsync($"SET @victim = {victim.Greeting!.ConnectionId}", "KILL @victim");
        Assert.Null(await victim.ReceiveAsync());
        await RunningStatements.UntilAsync(bed, 0);
        Assert.Equal(1094, (await killer.FailsAsync("KILL @victim")).Number);
    }

    /// <summary>An administrator reads a server's process list, through the proxy, and kills what it shows.</summary>
    [Theory, EachFlavor]
    public async Task An_id_of_the_primarys_process_list_is_killed_there(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var killer = await bed.OpenAsync();
        await using var direct = await bed.OpenDirectAsync(bed.Cluster.Primary);
        await using var root = await bed.Cluster.ConnectAsync(bed.Cluster.Primary);
        var sleeping = direct.RowsAsync(Long);
        await RunningStatements.UntilAsync(bed, 1);
        var id = await killer.NumberAsync($"SELECT id FROM {ProcessList.Of(flavor)} WHERE info = '{Long}'");
        Assert.Equal(direct.ServerThread, id);
        await killer.RunAsync($"KILL QUERY {id}");
        Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);
        Assert.Equal(1095, (await killer.FailsAsync($"KILL {root.ServerThread}")).Number);
    }

    [Fact]
    public async Task Kill_user_ends_the_users_sessions_too()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        var (admin, other) = ($"a{bed.Schema}", $"o{bed.Schema}");
        await bed.Cluster.CreateUserAsync(admin, "secret", null, "CONNECTION ADMIN ON *.*");
        await bed.Cluster.CreateUserAsync(other, "secret", null, $"SELECT ON {bed.Schema}.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        await using var idle = await bed.OpenAsync(b => (b.UserID, b.Password) = (other, "secret"));
        await using var busy = await bed.OpenAsync(b => (b.UserID, b.Password) = (other, "secret"));
        await using var administrator = await bed.OpenAsync(b => (b.UserID, b.Password, b.Database) = (admin, "secret", ""));
        await using var bystander = await bed.OpenAsync();

        // The server may find nothing to kill, and then says so; the proxy's session is not to be had that way either.
        _ = await Record.ExceptionAsync(() => bystander.RunAsync($"KILL USER {admin}"));
        var sleeping = busy.RowsAsync("/* dbproxy:primary */ " + Long);
        await RunningStatements.UntilAsync(bed, 1);
        await administrator.RunAsync($"KILL USER '{other}'");
        await Assert.ThrowsAnyAsync<Exception>(() => sleeping);
        await Assert.ThrowsAnyAsync<Exception>(() => idle.ServerIdAsync());
        Assert.NotEqual(0, await bystander.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task The_binary_form_of_kill_is_as_on_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var victim = await bed.OpenAsync();
        await using var direct = await RawClient.ConnectAsync(bed.Cluster.Primary.Port, bed.Cluster.App);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App);
        var expected = await direct.AskAsync(CommandKind.ProcessKill, BitConverter.GetBytes(99999999));
        Assert.Equal(expected, await client.AskAsync(CommandKind.ProcessKill, BitConverter.GetBytes(99999999)));
        var answer = await client.AskAsync(CommandKind.ProcessKill, BitConverter.GetBytes(victim.ServerThread));
        Assert.Equal(flavor == Flavor.MariaDb ? OkPacket.Header : ErrPacket.Header, answer[0]);
        Assert.Equal(flavor == Flavor.MariaDb, await Record.ExceptionAsync(() => victim.ServerIdAsync()) is not null);
    }

    private static async Task<string> AnswerAsync(TestBed bed, int port, string sql)
    {
        await using var client = await RawClient.ConnectAsync(port, bed.Cluster.App, bed.Schema);
        await client.RowsAsync("SET @me = CONNECTION_ID()");
        var id = $"{client.Greeting!.ConnectionId}";
        var packet = await client.AskAsync(CommandKind.Query, sql.Replace("#", id, StringComparison.Ordinal));
        var text = ErrPacket.Is(packet) ? ErrPacket.Parse(packet).ToString() : Convert.ToHexString(packet);
        await client.SendAsync(CommandKind.Ping);
        return $"{sql}: {text.Replace($" {id}", " #", StringComparison.Ordinal)} {(await client.ReceiveAsync() is null ? "closed" : "goes on")}";
    }
}
