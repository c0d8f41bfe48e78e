using System.Data;
using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Transfer;

public sealed class LocalInfileTests
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(50)) CHARACTER SET utf8mb4";

    [Theory, EachFlavor]
    public async Task A_clients_file_is_loaded(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync(b => b.AllowLoadLocalInfile = true);
        var text = new StringBuilder();
        for (var i = 0; i < 40_000; i++)
        {
            text.Append(i).Append("\tvalue ").Append(i).Append('\n');
        }

        var loader = new MySqlBulkLoader(session)
        {
            TableName = "t", Local = true, FieldTerminator = "\t", LineTerminator = "\n",
            SourceStream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())),
        };
        Assert.Equal(40_000, await loader.LoadAsync());
        Assert.Equal(["40000|39999"], await session.RowsAsync("SELECT COUNT(*), MAX(id) FROM t"));
        Assert.Equal("value 777", await session.TextAsync("SELECT v FROM t WHERE id = 777"));
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task Bulk_copy_and_an_empty_file(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync(b => b.AllowLoadLocalInfile = true);
        using var table = new DataTable();
        table.Columns.Add("id", typeof(int));
        table.Columns.Add("v", typeof(string));
        for (var i = 0; i < 500; i++)
        {
            table.Rows.Add(i, $"näme {i}");
        }

        // The driver waits for bytes within its asynchronous method, too: on a thread that serves sockets that would be for ever.
        var copied = await Task.Run(() => new MySqlBulkCopy(session) { DestinationTableName = "t" }.WriteToServer(table));
        Assert.Equal(500, copied.RowsInserted);
        var empty = new MySqlBulkLoader(session) { TableName = "t", Local = true, SourceStream = new MemoryStream() };
        Assert.Equal(0, await empty.LoadAsync());
        Assert.Equal(["500|näme 42"], await session.RowsAsync("SELECT COUNT(*), MAX(CASE WHEN id = 42 THEN v END) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task A_client_that_did_not_offer_files_is_not_asked_for_one(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => session.RunAsync("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t"));
        Assert.True(error is MySqlException or NotSupportedException, error.ToString());
        await using var after = await bed.OpenAsync();
        Assert.Equal(0, await after.NumberAsync("SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task Switched_off_it_fails_with_the_servers_own_error(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.LocalInfile = false, Table);
        List<string> errors = [];
        foreach (var (port, flags) in new[] { (bed.Cluster.Primary.Port, Capabilities.None), (bed.Proxy.Port, Capabilities.LocalFiles), (bed.Proxy.Port, Capabilities.None) })
        {
            await using var client = await RawClient.ConnectAsync(port, bed.Cluster.App, bed.Schema, flags | Capabilities.DeprecateEof);
            Assert.False(client.Negotiated.HasFlag(Capabilities.LocalFiles));
            errors.Add(ErrPacket.Parse(await client.AskAsync(CommandKind.Query, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t")).ToString());
            Assert.Equal(["0"], await client.RowsAsync("SELECT COUNT(*) FROM t"));
        }

        Assert.Contains(flavor == Flavor.MySql ? "3948" : "4166", Assert.Single(errors.Distinct()));
    }

    [Theory, EachFlavor]
    public async Task A_file_that_ends_in_an_error_leaves_the_session_usable(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var session = await bed.OpenAsync(b => b.AllowLoadLocalInfile = true);
        var missing = new MySqlBulkLoader(session)
        {
            TableName = "missing", Local = true, SourceStream = new MemoryStream(new byte[3_000_000]),
        };
        Assert.Equal(1146, (await Assert.ThrowsAsync<MySqlException>(() => missing.LoadAsync())).Number);
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }
}
