using System.Buffers.Binary;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>Clients that go away in the middle of something leave nothing behind: no statement, no lock, no half-read answer.</summary>
public sealed class VanishedClientTests
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(50)) ENGINE=InnoDB";

    [Theory, EachFlavor]
    public async Task While_a_prepared_statement_runs(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using (var client = await ConnectAsync(bed))
        {
            var prepared = await client.PrepareAsync("SELECT 1 FROM (SELECT 1 AS x) y WHERE SLEEP(25)");
            var execute = new byte[9];
            BinaryPrimitives.WriteUInt32LittleEndian(execute, prepared.StatementId);
            execute[5] = 1;
            await client.SendAsync(CommandKind.StmtExecute, execute);
            await RunningStatements.UntilAsync(bed, 1);
        }

        await IsCleanAsync(bed, 0);
    }

    /// <summary>Drivers that close a connection behind a timeout say goodbye first, which nobody reads while the statement runs.</summary>
    [Theory, EachFlavor]
    public async Task In_a_transaction_whose_statement_runs(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "INSERT INTO t VALUES (1, 'kept')");
        foreach (var (tls, saysGoodbye) in new[] { (TlsMode.Disabled, false), (TlsMode.Disabled, true), (TlsMode.Required, true) })
        {
            await using (var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, tls: tls))
            {
                await client.AskAsync(CommandKind.Query, "BEGIN");
                await client.AskAsync(CommandKind.Query, "UPDATE t SET v = 'lost' WHERE id = 1");
                await client.SendAsync(CommandKind.Query, "SELECT SLEEP(100) FROM t");
                await RunningStatements.UntilAsleepAsync(bed);
                if (saysGoodbye)
                {
                    await client.SendAsync(CommandKind.Quit);
                }
            }

            await IsCleanAsync(bed, 1);
        }
    }

    [Theory, EachFlavor]
    public async Task In_a_transaction_while_nothing_runs(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table, "INSERT INTO t VALUES (1, 'kept')");
        await using (var client = await ConnectAsync(bed))
        {
            await client.AskAsync(CommandKind.Query, "BEGIN");
            await client.AskAsync(CommandKind.Query, "UPDATE t SET v = 'lost' WHERE id = 1");
        }

        await IsCleanAsync(bed, 1);
    }

    [Theory, EachFlavor]
    public async Task While_its_file_is_loaded(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using (var client = await ConnectAsync(bed))
        {
            var asked = await client.AskAsync(CommandKind.Query, "LOAD DATA LOCAL INFILE 'x' INTO TABLE t");
            Assert.Equal(0xFB, asked[0]);
            await client.SendBytesAsync(new byte[] { 4, 0, 0, 2, (byte)'1', (byte)'\t', (byte)'a', (byte)'\n' });
        }

        await IsCleanAsync(bed, 0);
    }

    [Theory, EachFlavor]
    public async Task While_a_large_result_waits_to_be_read(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using (var client = await ConnectAsync(bed))
        {
            await client.SendAsync(CommandKind.Query, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT REPEAT('x', 1000) FROM n a, n b");
            await client.ReceiveAsync();
            await RunningStatements.UntilAsync(bed, 1);
        }

        await IsCleanAsync(bed, 0);
    }

    private static Task<RawClient> ConnectAsync(TestBed bed) => RawClient.ConnectAsync(
        bed.Proxy.Port, bed.Cluster.App, bed.Schema, Capabilities.DeprecateEof | Capabilities.LocalFiles);

    /// <summary>Nothing runs, no row is locked or changed, and who comes next on the same connections gets answers of their own.</summary>
    private static async Task IsCleanAsync(TestBed bed, int rows)
    {
        await RunningStatements.UntilAsync(bed, 0);
        await using var next = await bed.OpenAsync();
        await next.RunAsync("SET SESSION innodb_lock_wait_timeout = 5");
        Assert.Equal(rows, (await next.RowsAsync("SELECT v FROM t WHERE v = 'kept' FOR UPDATE")).Count);
        Assert.Equal(rows, await next.NumberAsync("/* dbproxy:primary */ SELECT COUNT(*) FROM t"));
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i, await next.NumberAsync($"SELECT {i}"));
        }

        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Sessions.Count == 1, "the vanished session has gone");
    }
}
