using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Transfer;

/// <summary>Statements that are passed on while they arrive, and what can go wrong on the way.</summary>
public sealed class LargeStatementTests
{
    private static readonly byte[] Head = [(byte)CommandKind.Query, .. "INSERT INTO t (v) VALUES ('"u8];
    private static readonly byte[] Tail = [.. "')"u8];
    private const string Table = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGTEXT)";

    [Theory, EachFlavor]
    public async Task A_statement_beyond_the_proxys_limit_is_refused_with_1153_and_not_executed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.MaxAllowedPacket = ByteSize.MiB(20), Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await LargeStatement.SendAsync(client, Head, Tail, 40 << 20);
        Assert.Equal(1153, ErrPacket.Parse((await client.ReceiveAsync())!).Code);
        await using var session = await bed.OpenAsync();
        Assert.Equal(0, await session.NumberAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_statement_beyond_the_servers_limit_gets_an_error_and_the_session_goes_on(Flavor flavor)
    {
        // The servers take 64 MiB.
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.MaxAllowedPacket = ByteSize.MiB(200), Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await LargeStatement.SendAsync(client, Head, Tail, 100 << 20);
        var answer = (await client.ReceiveAsync())!;
        Assert.Contains(ErrPacket.Parse(answer).Code, new ushort[] { 1153, 1158 });
        Assert.Equal(["0"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task The_servers_limit_holds_to_the_byte_and_the_error_is_the_servers_own(Flavor flavor)
    {
        const int limit = 64 << 20;
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.MaxAllowedPacket = ByteSize.MiB(200), Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        byte[] head = [(byte)CommandKind.Query, .. "INSERT INTO t (v) VALUES (1) /* "u8], tail = [.. " */"u8];
        await LargeStatement.SendAsync(client, head, tail, limit - 1);
        Assert.Equal(OkPacket.Header, (await client.ReceiveAsync())![0]);
        await LargeStatement.SendAsync(client, head, tail, limit);
        var error = ErrPacket.Parse((await client.ReceiveAsync())!);
        Assert.Equal((1153, "Got a packet bigger than 'max_allowed_packet' bytes"), (error.Code, error.Message));
        Assert.Equal(["1"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_server_connection_that_dies_in_the_middle_is_an_error_and_not_tried_again(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.MaxAllowedPacket = ByteSize.MiB(200), Table);
        bed.Proxy.ErrorsAreBugs = false;
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await LargeStatement.SendAsync(client, Head, Tail, 60 << 20, async () =>
        {
            // The one connection to the primary that the client has by now.
            var ids = bed.Proxy.Context.Sessions.All.Select(s => s.Working).OfType<Core.Backends.ServerConnection>().Select(c => c.ThreadId).ToList();
            Assert.Single(ids);
            await ServerAdmin.RunAsync(bed.Cluster, bed.Cluster.Primary, $"KILL {ids[0]}");
        });
        Assert.Contains(ErrPacket.Parse((await client.ReceiveAsync())!).Code, new ushort[] { 1158, 1317, 1927, 3169, 4031 });
        Assert.Equal(["0"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
        await LargeStatement.SendAsync(client, Head, Tail, 20 << 20);
        Assert.Equal(OkPacket.Header, (await client.ReceiveAsync())![0]);
        Assert.Equal(["1"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_client_that_leaves_in_the_middle_leaves_nothing_behind(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1, Table);
        for (var i = 0; i < 3; i++)
        {
            await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
            await Assert.ThrowsAsync<OperationCanceledException>(() => LargeStatement.SendAsync(
                client, Head, Tail, 40 << 20, () => throw new OperationCanceledException()));
        }

        await using var session = await bed.OpenAsync();
        Assert.Equal(1, await session.RunAsync("INSERT INTO t (v) VALUES ('small')"));
        Assert.Equal(["1|small"], await session.RowsAsync("SELECT COUNT(*), MAX(v) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task Types_are_added_to_a_large_execution_on_another_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await using var other = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        var insert = await client.PrepareAsync("INSERT INTO t (v) VALUES (?)");
        byte[] id = BitConverter.GetBytes(insert.StatementId);
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.StmtExecute, [.. id, 0, 1, 0, 0, 0, 0, 1, 252, 0, 1, (byte)'a']))[0]);
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, "DO 1"))[0]);
        Assert.Equal(OkPacket.Header, (await other.AskAsync(CommandKind.Query, "BEGIN"))[0]);
        byte[] head = [(byte)CommandKind.StmtExecute, .. id, 0, 1, 0, 0, 0, 0, 0, 0xFE, .. BitConverter.GetBytes(20_000_000L)];
        await LargeStatement.SendAsync(client, head, [], head.Length + 20_000_000);
        Assert.Equal(OkPacket.Header, (await client.ReceiveAsync())![0]);
        Assert.Equal(["1", "20000000"], await client.RowsAsync("SELECT LENGTH(v) FROM t ORDER BY id"));
    }

    [Theory, EachFlavor]
    public async Task A_large_text_is_prepared_and_prepared_again_elsewhere(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await using var other = await bed.OpenAsync();
        var select = await client.PrepareAsync($"SELECT LENGTH('{new string('w', 17_000_000)}') + ?");
        for (var i = 0; i < 4; i++)
        {
            // Other settings of the session make it prepare the statement anew.
            Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, $"SET time_zone = '+0{i}:00'"))[0]);
            await client.SendAsync(CommandKind.StmtExecute, [.. BitConverter.GetBytes(select.StatementId), 0, 1, 0, 0, 0, 0, 1, 8, 0, .. BitConverter.GetBytes((long)i)]);
            Assert.Equal(1, (await client.ReceiveAsync())![0]);
            await client.ReceiveAsync();
            await foreach (var row in client.RestOfRowsAsync(columnsEnded: false))
            {
                Assert.Equal(17_000_000 + i, BitConverter.ToInt64(row, 2));
            }
        }
    }
}
