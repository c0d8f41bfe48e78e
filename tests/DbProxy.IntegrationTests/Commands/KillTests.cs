using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

public sealed class KillTests
{
    // As a part of a statement, an interrupted SLEEP ends it with an error on both kinds of server.
    private const string Long = "SELECT 1 FROM (SELECT 1 AS x) y WHERE SLEEP(20)";

    [Theory, EachFlavor]
    public async Task Cancelling_works_when_the_pool_is_exhausted(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        await using var session = await bed.OpenAsync();
        await using var killer = await bed.OpenAsync();
        var sleeping = session.RowsAsync($"/* dbproxy:primary */ {Long}");
        await RunningStatements.UntilAsleepAsync(bed);
        await killer.RunAsync($"KILL QUERY {session.ServerThread}");
        Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);
        Assert.Equal(bed.PrimaryId, await killer.NumberAsync("SELECT @@server_id FOR UPDATE"));
    }

    [Theory, EachFlavor]
    public async Task Kill_query_takes_the_id_that_the_client_was_given(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await using var killer = await bed.OpenAsync();
        await session.RunAsync("BEGIN", "SELECT 1");
        var sleeping = session.RowsAsync(Long);
        await RunningStatements.UntilAsleepAsync(bed);
        await killer.RunAsync($"KILL QUERY {session.ServerThread}");
        Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);
        Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
        await session.RunAsync("COMMIT");
        Assert.Equal(1094, (await killer.FailsAsync("KILL QUERY 4000000000")).Number);
    }

    [Theory, EachFlavor]
    public async Task A_prepared_kill_takes_the_id_that_the_client_was_given(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var killer = await bed.OpenAsync(b => b.IgnorePrepare = false);
        // MySQL takes no parameter there.
        Func<long, object>[] forms = bed.IsMySql ? [id => id] : [id => id, id => (int)id, id => (double)id, id => $"{id}"];
        foreach (var form in forms)
        {
            await using var session = await bed.OpenAsync();
            var sleeping = session.RowsAsync(Long);
            await RunningStatements.UntilAsleepAsync(bed);
            await using var kill = bed.IsMySql
                ? new MySqlCommand($"KILL QUERY {session.ServerThread}", killer)
                : new MySqlCommand("KILL QUERY ?", killer) { Parameters = { new() { Value = form(session.ServerThread) } } };
            await kill.PrepareAsync(TestContext.Current.CancellationToken);
            await kill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);
        }

        await using var unknown = new MySqlCommand("KILL 4000000000", killer);
        await unknown.PrepareAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1094, (await Assert.ThrowsAsync<MySqlException>(() => unknown.ExecuteNonQueryAsync())).Number);
    }

    [Theory, EachFlavor]
    public async Task A_kill_among_other_statements_takes_the_id_that_the_client_was_given(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY)");
        await using var killer = await bed.OpenAsync();
        string[] batches =
        [
            "SELECT 1; INSERT INTO t VALUES (1); KILL QUERY {0}; SELECT 'a', COUNT(*) FROM t; SELECT 2", "KILL QUERY {0}; SELECT 'b'",
            "SELECT 'c' /* ; KILL 1 */; KILL QUERY {0};", "SET @id = {0}; KILL QUERY @id; KILL QUERY CONNECTION_ID(); SELECT 'never'",
        ];
        List<string> rows = [];
        foreach (string batch in batches)
        {
            await using var session = await bed.OpenAsync();
            var sleeping = session.RowsAsync(Long);
            await RunningStatements.UntilAsleepAsync(bed);
            string sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, batch, session.ServerThread);
            rows.AddRange(batch.Contains("never", StringComparison.Ordinal) ? [$"{(await killer.FailsAsync(sql)).Number}"] : await killer.RowsAsync(sql));
            Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);
        }

        Assert.Equal(["1", "a|1", "2", "b", "c", "1317"], rows);
        Assert.Equal(1094, (await killer.FailsAsync("SELECT 1; KILL 2000000000; INSERT INTO t VALUES (2)")).Number);
        Assert.Equal(1, await killer.NumberAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_batch_with_a_kill_is_one_answer_packet_by_packet(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY)");
        await using var session = await bed.OpenAsync();
        foreach (var eof in new[] { Capabilities.DeprecateEof, Capabilities.None })
        {
            await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, eof | Capabilities.MultiStatements);
            byte[] batch = RawClient.Packet(CommandKind.Query, Encoding.ASCII.GetBytes($"SELECT 1; KILL QUERY {session.ServerThread}; INSERT INTO t VALUES ({(int)eof + 1}); DO 1"));
            await client.SendBytesAsync((byte[])[.. batch, .. RawClient.Packet(CommandKind.Ping)]);
            Assert.Equal(["1"], await client.RowsAsync());
            byte expected = client.Sequence;
            Assert.True(client.LastStatus.HasFlag(ServerStatus.MoreResultsExist));
            for (int i = 2; i >= 0; i--)
            {
                var ok = OkPacket.Parse((await client.ReceiveAsync())!, client.Negotiated);
                Assert.Equal(++expected, client.Sequence);
                Assert.Equal(i > 0, ok.Status.HasFlag(ServerStatus.MoreResultsExist));
            }

            Assert.Equal(OkPacket.Header, (await client.ReceiveAsync())![0]);
            Assert.Equal(1, client.Sequence);
        }
    }

    [Theory, EachFlavor]
    public async Task Kill_ends_the_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await using var killer = await bed.OpenAsync();
        await killer.RunAsync($"KILL {session.ServerThread}");
        await Assert.ThrowsAnyAsync<Exception>(() => session.ServerIdAsync());
        Assert.NotEqual(bed.PrimaryId, await killer.ServerIdAsync());
        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Sessions.Count == 1, "the session has gone");
    }

    [Theory, EachFlavor]
    public async Task Another_users_query_cannot_be_killed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var user = $"u{bed.Schema}";
        await bed.Cluster.CreateUserAsync(user, "secret", null, $"SELECT ON {bed.Schema}.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        await using var session = await bed.OpenAsync();
        await using var stranger = await bed.OpenAsync(b => (b.UserID, b.Password) = (user, "secret"));
        Assert.Equal(1095, (await stranger.FailsAsync($"KILL {session.ServerThread}")).Number);
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task The_query_of_a_client_that_leaves_ends(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using (var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema))
        {
            await client.SendAsync(CommandKind.Query, Long);
            await RunningStatements.UntilAsleepAsync(bed);
        }

        await RunningStatements.UntilAsync(bed, 0);
    }
}
