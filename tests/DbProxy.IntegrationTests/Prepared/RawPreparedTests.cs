using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Prepared;

/// <summary>What client libraries of .NET don't send: long data, cursors, statement resets.</summary>
public sealed class RawPreparedTests
{
    private const byte ReadOnlyCursor = 1;
    private const byte BlobType = 252;

    private static readonly string[] Numbers = ["CREATE TABLE n (id INT PRIMARY KEY)", $"INSERT INTO n VALUES {string.Join(',', Enumerable.Range(1, 25).Select(i => $"({i})"))}"];

    [Theory, EachFlavor]
    public async Task Parameter_data_sent_ahead_is_used_once(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGBLOB)");
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await using var other = await bed.OpenAsync();
        var insert = await client.PrepareAsync("INSERT INTO t (v) VALUES (?)");
        for (var i = 0; i < 3; i++)
        {
            for (var part = 0; part < 4; part++)
            {
                await client.SendAsync(CommandKind.StmtSendLongData, [.. BitConverter.GetBytes(insert.StatementId), 0, 0, .. new string('x', 100_000).Select(c => (byte)c)]);
                await other.ServerIdAsync();
            }

            var answer = await client.AskAsync(CommandKind.StmtExecute, Execute(insert.StatementId, 0, [0, 1, BlobType, 0]));
            Assert.Equal(OkPacket.Header, answer[0]);
        }

        // NULL in the bitmap and no data ahead: what was sent before must not be used again.
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.StmtExecute, Execute(insert.StatementId, 0, [1, 1, BlobType, 0])))[0]);
        Assert.Equal(["400000", "400000", "400000", "NULL"], await client.RowsAsync("SELECT LENGTH(v) FROM t ORDER BY id"));
        Assert.Equal(3, bed.Proxy.Context.Counters.Pins(Core.Sessions.PinReasons.LongData));
        Assert.NotEqual([$"{bed.PrimaryId}"], await client.RowsAsync("SELECT @@server_id"));
    }

    [Theory, EachFlavor]
    public async Task Parameter_data_sent_ahead_arrives_as_it_is_where_the_server_lacks_the_types(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        var select = await client.PrepareAsync("SELECT ? AS a, ? AS b");
        var id = BitConverter.GetBytes(select.StatementId);
        for (var i = 0; i < 4; i++)
        {
            // On each server the statement has the types of another execution, or none.
            byte type = (byte)(i % 2 == 0 ? 253 : BlobType);
            await client.SendAsync(CommandKind.StmtSendLongData, [.. id, 1, 0, .. "ahead of all types"u8]);
            Assert.Equal(2, (await client.AskAsync(CommandKind.StmtExecute, Execute(select.StatementId, 0, [0, 1, type, 0, BlobType, 0, 1, (byte)'x'])))[0]);
            await client.ReceiveAsync();
            await client.ReceiveAsync();
            List<byte[]> rows = await client.RestOfRowsAsync(columnsEnded: false).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal([0, 0, 1, (byte)'x', 18, .. "ahead of all types"u8], Assert.Single(rows));
        }
    }

    [Theory, EachFlavor]
    public async Task A_statement_reset_drops_parameter_data(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGBLOB)");
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        var insert = await client.PrepareAsync("INSERT INTO t (v) VALUES (?)");
        var id = BitConverter.GetBytes(insert.StatementId);
        await client.SendAsync(CommandKind.StmtSendLongData, [.. id, 0, 0, .. "dropped"u8]);
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.StmtReset, id))[0]);
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.StmtExecute, Execute(insert.StatementId, 0, [0, 1, BlobType, 0, 4, .. "kept"u8])))[0]);
        Assert.Equal(["kept"], await client.RowsAsync("SELECT v FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_cursor_is_fetched_in_parts_beside_other_statements(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Numbers);
        foreach (var eof in new[] { Capabilities.DeprecateEof, Capabilities.None })
        {
            await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, eof);
            await using var other = await bed.OpenAsync();
            var select = await client.PrepareAsync("SELECT id FROM n ORDER BY id");
            await OpenCursorAsync(client, select.StatementId);
            List<int> seen = [];
            while (!client.LastStatus.HasFlag(ServerStatus.LastRowSent))
            {
                await client.SendAsync(CommandKind.StmtFetch, [.. BitConverter.GetBytes(select.StatementId), 10, 0, 0, 0]);
                await foreach (var row in client.RestOfRowsAsync(columnsEnded: true))
                {
                    seen.Add(BitConverter.ToInt32(row, 2));
                }

                Assert.Equal(["1"], await client.RowsAsync("SELECT 1"));
                await other.ServerIdAsync();
                if (seen.Count >= 25)
                {
                    break;
                }
            }

            Assert.Equal(Enumerable.Range(1, 25), seen);
        }
    }

    [Theory, EachFlavor]
    public async Task A_closed_or_reset_cursor_cannot_be_fetched_and_frees_the_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Numbers);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        var select = await client.PrepareAsync("/* dbproxy:primary */ SELECT id FROM n ORDER BY id");
        var id = BitConverter.GetBytes(select.StatementId);
        await OpenCursorAsync(client, select.StatementId);
        Assert.Equal([$"{bed.PrimaryId}"], await client.RowsAsync("SELECT @@server_id"));
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.StmtReset, id))[0]);
        Assert.Equal(1421, ErrPacket.Parse(await client.AskAsync(CommandKind.StmtFetch, [.. id, 10, 0, 0, 0])).Code);
        Assert.NotEqual([$"{bed.PrimaryId}"], await client.RowsAsync("SELECT @@server_id"));

        await OpenCursorAsync(client, select.StatementId);
        await client.SendAsync(CommandKind.StmtClose, id);
        Assert.NotEqual([$"{bed.PrimaryId}"], await client.RowsAsync("SELECT @@server_id"));
        Assert.Equal(1243, ErrPacket.Parse(await client.AskAsync(CommandKind.StmtFetch, [.. id, 10, 0, 0, 0])).Code);
    }

    [Theory, EachFlavor]
    public async Task An_open_cursor_is_not_evicted_by_other_statements(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.PreparedStatements = 1, Numbers);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        var select = await client.PrepareAsync("SELECT id FROM n ORDER BY id");
        await OpenCursorAsync(client, select.StatementId);
        var second = await client.PrepareAsync("SELECT 2");
        await client.SendAsync(CommandKind.StmtExecute, Execute(second.StatementId, 0));
        Assert.Equal(1, (await client.ReceiveAsync())![0]);
        await client.ReceiveAsync();
        await foreach (var _ in client.RestOfRowsAsync(columnsEnded: false))
        {
        }

        var first = await client.AskAsync(CommandKind.StmtFetch, [.. BitConverter.GetBytes(select.StatementId), 5, 0, 0, 0]);
        Assert.False(ErrPacket.Is(first), ErrPacket.Is(first) ? ErrPacket.Parse(first).ToString() : "");
    }

    [Theory, EachFlavor]
    public async Task A_cursor_is_found_after_the_sessions_settings_have_changed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Numbers);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        var select = await client.PrepareAsync("SELECT id FROM n ORDER BY id");
        var insert = await client.PrepareAsync("SELECT ? AS v");
        var id = BitConverter.GetBytes(select.StatementId);
        await OpenCursorAsync(client, select.StatementId);
        await client.SendAsync(CommandKind.StmtSendLongData, [.. BitConverter.GetBytes(insert.StatementId), 0, 0, .. "ahead"u8]);
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, "SET sql_mode = 'ANSI_QUOTES', time_zone = '+03:00'"))[0]);
        Assert.Equal([1, 2, 3], await FetchAsync(client, id, 3));
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, "SET time_zone = '+04:00'"))[0]);
        Assert.Equal([4, 5], await FetchAsync(client, id, 2));
        Assert.Equal(1, (await client.AskAsync(CommandKind.StmtExecute, Execute(insert.StatementId, 0, [0, 1, BlobType, 0])))[0]);
        await client.ReceiveAsync();
        List<byte[]> rows = await client.RestOfRowsAsync(columnsEnded: false).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0, 0, 5, .. "ahead"u8], Assert.Single(rows));
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.StmtReset, id))[0]);
        Assert.Equal(["+04:00"], await client.RowsAsync("SELECT @@time_zone"));
    }

    [Theory, EachFlavor]
    public async Task Two_cursors_of_the_same_text_are_two_cursors(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Numbers);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        const string Text = "SELECT id FROM n ORDER BY id";
        var first = await client.PrepareAsync(Text);
        await OpenCursorAsync(client, first.StatementId);
        Assert.Equal([1, 2], await FetchAsync(client, BitConverter.GetBytes(first.StatementId), 2));
        var second = await client.PrepareAsync(Text);
        await OpenCursorAsync(client, second.StatementId);
        var third = await client.PrepareAsync(Text);
        await OpenCursorAsync(client, third.StatementId);
        Assert.Equal([1, 2, 3], await FetchAsync(client, BitConverter.GetBytes(second.StatementId), 3));
        Assert.Equal([3, 4], await FetchAsync(client, BitConverter.GetBytes(first.StatementId), 2));
        Assert.Equal([1], await FetchAsync(client, BitConverter.GetBytes(third.StatementId), 1));
        foreach (var statement in new[] { first, second, third })
        {
            await client.SendAsync(CommandKind.StmtClose, BitConverter.GetBytes(statement.StatementId));
        }

        Assert.NotEqual([$"{bed.PrimaryId}"], await client.RowsAsync("SELECT @@server_id"));
    }

    private static async Task<List<int>> FetchAsync(RawClient client, byte[] id, byte rows)
    {
        await client.SendAsync(CommandKind.StmtFetch, [.. id, rows, 0, 0, 0]);
        List<int> seen = [];
        await foreach (var row in client.RestOfRowsAsync(columnsEnded: true))
        {
            seen.Add(BitConverter.ToInt32(row, 2));
        }

        return seen;
    }

    [Theory, EachFlavor]
    public async Task Unknown_and_malformed_statement_commands_get_errors(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        Assert.Equal(1243, ErrPacket.Parse(await client.AskAsync(CommandKind.StmtExecute, Execute(4711, 0))).Code);
        Assert.Equal(1243, ErrPacket.Parse(await client.AskAsync(CommandKind.StmtReset, BitConverter.GetBytes(4711))).Code);
        Assert.True(ErrPacket.Is(await client.AskAsync(CommandKind.StmtExecute, new byte[] { 1 })));
        Assert.True(ErrPacket.Is(await client.AskAsync(CommandKind.StmtFetch, new byte[] { 1, 0 })));
        await client.SendAsync(CommandKind.StmtClose, BitConverter.GetBytes(4711));
        var prepared = await client.PrepareAsync("SELECT ? + ?");
        Assert.True(ErrPacket.Is(await client.AskAsync(CommandKind.StmtExecute, Execute(prepared.StatementId, 0))));
        Assert.True(ErrPacket.Is(await client.AskAsync(CommandKind.StmtExecute, Execute(prepared.StatementId, 0, [0, 1, 8]))));
        Assert.Equal(["1"], await client.RowsAsync("SELECT 1"));
    }

    private static async Task OpenCursorAsync(RawClient client, uint id)
    {
        Assert.Equal(1, (await client.AskAsync(CommandKind.StmtExecute, Execute(id, ReadOnlyCursor)))[0]);
        await client.ReceiveAsync();

        // Behind the column: the end that announces the cursor, and no rows.
        var end = (await client.ReceiveAsync())!;
        Assert.Equal(EofPacket.Header, end[0]);
        var status = client.Negotiated.HasFlag(Capabilities.DeprecateEof) ? OkPacket.Parse(end, client.Negotiated).Status : EofPacket.Parse(end).Status;
        Assert.True(status.HasFlag(ServerStatus.CursorExists), $"{status}");
    }

    private static byte[] Execute(uint id, byte flags, byte[]? parameters = null) => [.. BitConverter.GetBytes(id), flags, 1, 0, 0, 0, .. parameters ?? []];
}
