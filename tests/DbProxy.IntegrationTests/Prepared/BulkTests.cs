using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Prepared;

/// <summary>MariaDB's COM_STMT_BULK_EXECUTE, and the id that means "the statement prepared last".</summary>
public sealed class BulkTests
{
    private const Capabilities Bulk = Capabilities.DeprecateEof | Capabilities.MariaDbStmtBulkOperations;
    private const ushort SendTypes = 0x80;
    private const uint LastPrepared = uint.MaxValue;
    private static readonly byte[] Types = [8, 0, 253, 0];

    [Fact]
    public async Task Many_rows_are_inserted_at_once()
    {
        await using var bed = await StartAsync();
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Bulk);
        Assert.True(client.Negotiated.HasFlag(Capabilities.MariaDbStmtBulkOperations));
        var insert = await client.PrepareAsync("INSERT INTO t (n, v) VALUES (?, ?)");
        var answer = await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(insert.StatementId, SendTypes, 1, 100));
        Assert.Equal(100UL, OkPacket.Parse(answer, client.Negotiated).AffectedRows);
        Assert.Equal(["100|5050|row 7"], await client.RowsAsync("SELECT COUNT(*), SUM(n), MAX(IF(n = 7, v, '')) FROM t"));

        // Without types: as before.
        answer = await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(insert.StatementId, 0, 101, 10));
        Assert.Equal(10UL, OkPacket.Parse(answer, client.Negotiated).AffectedRows);
        Assert.Equal(["110"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public async Task Types_follow_a_statement_to_another_connection()
    {
        await using var bed = await StartAsync(o => o.Pool.MaxConnections = 2);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Bulk);
        var insert = await client.PrepareAsync("INSERT INTO t (n, v) VALUES (?, ?)");
        await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(insert.StatementId, SendTypes, 1, 5));

        // Another client of the same kind takes the connection and keeps it.
        await using var other = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Bulk);
        Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, "DO 1"))[0]);
        Assert.Equal(OkPacket.Header, (await other.AskAsync(CommandKind.Query, "BEGIN"))[0]);
        Assert.Equal(OkPacket.Header, (await other.AskAsync(CommandKind.Query, "SELECT 1 INTO @x"))[0]);
        var answer = await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(insert.StatementId, 0, 6, 5));
        Assert.Equal(5UL, OkPacket.Parse(answer, client.Negotiated).AffectedRows);
        Assert.Equal(["10|55"], await client.RowsAsync("SELECT COUNT(*), SUM(n) FROM t"));
    }

    [Fact]
    public async Task An_error_in_the_middle_and_a_result_are_those_of_the_server()
    {
        await using var bed = await StartAsync();
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            await using var client = await RawClient.ConnectAsync(port, bed.Cluster.App, bed.Schema, Bulk);
            var insert = await client.PrepareAsync("INSERT INTO t (n, v) VALUES (?, ?)");
            Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(insert.StatementId, SendTypes, 1, 3)))[0]);
            Assert.Equal(1062, ErrPacket.Parse(await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(insert.StatementId, 0, 3, 3))).Code);
            var returning = await client.PrepareAsync("INSERT INTO t (n, v) VALUES (?, ?) RETURNING n");
            Assert.Equal(1, (await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(returning.StatementId, SendTypes, 50, 3)))[0]);
            await client.ReceiveAsync();
            var rows = 0;
            await foreach (var _ in client.RestOfRowsAsync(columnsEnded: false))
            {
                rows++;
            }

            Assert.Equal(3, rows);
            Assert.Equal(1243, ErrPacket.Parse(await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(4711, SendTypes, 1, 1))).Code);
            Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, "DELETE FROM t"))[0]);
        }
    }

    [Fact]
    public async Task The_statement_prepared_last_is_executed_without_its_id()
    {
        await using var bed = await StartAsync();
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            await using var client = await RawClient.ConnectAsync(port, bed.Cluster.App, bed.Schema, Bulk);
            using var both = new PacketWriter();
            Command(both, CommandKind.StmtPrepare, "INSERT INTO t (n, v) VALUES (?, ?)"u8.ToArray());
            Command(both, CommandKind.MariaDbBulkExecute, Rows(LastPrepared, SendTypes, 1, 4));
            Command(both, CommandKind.StmtPrepare, "INSERT INTO nowhere VALUES (?)"u8.ToArray());
            Command(both, CommandKind.StmtExecute, [.. BitConverter.GetBytes(LastPrepared), 0, 1, 0, 0, 0, 0, 1, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
            await client.SendBytesAsync(both.WrittenMemory);
            Assert.Equal(0, (await client.ReceiveAsync())![0]);
            await client.ReceiveAsync();
            await client.ReceiveAsync();
            Assert.Equal(4UL, OkPacket.Parse((await client.ReceiveAsync())!, client.Negotiated).AffectedRows);
            Assert.Equal(1146, ErrPacket.Parse((await client.ReceiveAsync())!).Code);
            Assert.Equal(1243, ErrPacket.Parse((await client.ReceiveAsync())!).Code);
            Assert.Equal(["4"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
            Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Query, "DELETE FROM t"))[0]);
        }
    }

    [Theory, EachFlavor]
    public async Task A_client_that_did_not_negotiate_it_is_refused(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        Assert.Equal(1047, ErrPacket.Parse(await client.AskAsync(CommandKind.MariaDbBulkExecute, Rows(1, SendTypes, 1, 1))).Code);
        Assert.Equal(["1"], await client.RowsAsync("SELECT 1"));
    }

    private static Task<TestBed> StartAsync(Action<Core.Configuration.ProxyOptions>? configure = null) =>
        TestBed.StartAsync(Flavor.MariaDb, configure, "CREATE TABLE t (n BIGINT PRIMARY KEY, v VARCHAR(50))");

    private static void Command(PacketWriter writer, CommandKind kind, byte[] rest)
    {
        writer.Begin(0);
        writer.WriteByte((byte)kind);
        writer.WriteBytes(rest);
        writer.End();
    }

    private static byte[] Rows(uint id, ushort flags, long first, int count)
    {
        using var writer = new PacketWriter();
        writer.WriteUInt32(id);
        writer.WriteUInt16(flags);
        writer.WriteBytes(flags == SendTypes ? Types : []);
        for (var n = first; n < first + count; n++)
        {
            // Each value behind an indicator: 0 says that there is one.
            writer.WriteByte(0);
            writer.WriteUInt64((ulong)n);
            writer.WriteByte(0);
            writer.WriteLengthEncodedBytes(Encoding.UTF8.GetBytes($"row {n}"));
        }

        return writer.WrittenSpan.ToArray();
    }
}
