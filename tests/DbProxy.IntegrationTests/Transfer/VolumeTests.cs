using System.Text;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Transfer;

/// <summary>Hundreds of megabytes in both directions, through a proxy of its own process whose memory is watched.</summary>
public sealed class VolumeTests
{
    // What a process of .NET grows by for reasons of its own: compiled code, and heaps that wait for a collection.
    private const long Allowed = 96 << 20;

    [Theory, EachFlavor]
    public async Task Memory_stays_what_it_is_however_large_results_and_statements_are(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new ClusterOptions { Replicas = 0, ExtraArguments = ["--max-allowed-packet=1G"] });
        await using var proxy = await ProxyProcess.StartAsync(cluster, ("DBPROXY_LIMITS__MAXALLOWEDPACKET", "1GiB"));
        await using var client = await RawClient.ConnectAsync(proxy.Port, cluster.App);
        await ReadAsync(client, 20, 100_000);
        Assert.Equal("LENGTH 20000000", await StatementAsync(client, 20_000_000));
        long before = proxy.PeakMemory;

        Assert.Equal(1_000_000_000, await ReadAsync(client, 1000, 1_000_000));
        Assert.Equal(150_000_000, await ReadAsync(client, 1, 150_000_000));
        Assert.InRange(proxy.PeakMemory - before, 0, Allowed);
        Assert.Equal($"LENGTH {256 << 20}", await StatementAsync(client, 256 << 20));
        Assert.Equal($"LENGTH {3 * PacketHeader.MaxPayload}", await StatementAsync(client, 3 * PacketHeader.MaxPayload));
        Assert.Equal(["OK", "1"], await ParameterAsync(client, 100_000_000));
        Assert.InRange(proxy.PeakMemory - before, 0, Allowed);
    }

    [Theory, EachFlavor]
    public async Task A_reader_that_stops_grows_nothing(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new ClusterOptions { Replicas = 0 });
        await using var proxy = await ProxyProcess.StartAsync(cluster);
        await using var other = await RawClient.ConnectAsync(proxy.Port, cluster.App);
        await ReadAsync(other, 20, 100_000);
        long before = proxy.PeakMemory;
        List<RawClient> readers = [];
        for (var i = 0; i < 8; i++)
        {
            var reader = await RawClient.ConnectAsync(proxy.Port, cluster.App);
            readers.Add(reader);
            await reader.SendAsync(CommandKind.Query, Rows(500, 200_000));
            await reader.ReceiveAsync();
        }

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(["1"], await other.RowsAsync("SELECT 1"));
        }

        Assert.InRange(proxy.PeakMemory - before, 0, Allowed);
        foreach (var reader in readers)
        {
            // Each has its whole result still to come.
            Assert.Equal(100_000_000, await CountAsync(reader, columns: 1));
            await reader.DisposeAsync();
        }
    }

    [Theory, EachFlavor]
    public async Task A_statement_as_large_as_there_are_any_is_passed_on_in_the_same_memory(Flavor flavor)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("DBPROXY_LARGEST_STATEMENT") == "1",
            "1 GiB takes a server some GiB of memory, and a busy machine a minute: set DBPROXY_LARGEST_STATEMENT=1 to have it sent.");
        await using var cluster = await Clusters.StartOwnAsync(flavor, new ClusterOptions { Replicas = 0, ExtraArguments = ["--max-allowed-packet=1G"] });
        await using var proxy = await ProxyProcess.StartAsync(cluster, ("DBPROXY_LIMITS__MAXALLOWEDPACKET", "1GiB"));
        await using var client = await RawClient.ConnectAsync(proxy.Port, cluster.App);
        Assert.Equal("LENGTH 20000000", await StatementAsync(client, 20_000_000));
        long before = proxy.PeakMemory;

        // A server takes what is shorter than its limit, and that is 1 GiB at most.
        const long largest = (1L << 30) - 1;
        Assert.Equal($"LENGTH {largest}", await StatementAsync(client, largest));
        Assert.Contains("1153", await StatementAsync(client, largest + 1), StringComparison.Ordinal);
        Assert.InRange(proxy.PeakMemory - before, 0, Allowed);
    }

    private static string Rows(int rows, int length) =>
        $"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows}) SELECT REPEAT('x', {length}) FROM s";

    private static async Task<long> ReadAsync(RawClient client, int rows, int length)
    {
        var columns = (await client.AskAsync(CommandKind.Query, Rows(rows, length)))[0];
        return await CountAsync(client, columns);
    }

    private static async Task<long> CountAsync(RawClient client, int columns)
    {
        for (; columns > 0; columns--)
        {
            await client.ReceiveAsync();
        }

        long bytes = 0;
        await foreach (var row in client.RestOfRowsAsync(columnsEnded: false))
        {
            var reader = new PacketReader(row);
            reader.ReadLengthEncodedInteger();
            bytes += reader.Remaining;
        }

        return bytes;
    }

    private static async Task<string> StatementAsync(RawClient client, long length)
    {
        byte[] head = [(byte)CommandKind.Query, .. "SELECT LENGTH('"u8], tail = [.. "') AS l"u8];
        await LargeStatement.SendAsync(client, head, tail, length);
        var first = (await client.ReceiveAsync())!;
        if (ErrPacket.Is(first))
        {
            return ErrPacket.Parse(first).ToString();
        }

        await client.ReceiveAsync();
        string text = "";
        await foreach (var row in client.RestOfRowsAsync(columnsEnded: false))
        {
            text = Encoding.ASCII.GetString(row, 1, row.Length - 1);
        }

        return $"LENGTH {long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) + head.Length + tail.Length}";
    }

    /// <summary>A large parameter in the execution itself, and one sent ahead.</summary>
    private static async Task<string[]> ParameterAsync(RawClient client, int length)
    {
        var select = await client.PrepareAsync("SELECT LENGTH(?) = ?");
        byte[] id = BitConverter.GetBytes(select.StatementId);
        byte[] size = BitConverter.GetBytes((long)length);
        byte[] lengthEncoded = [0xFE, .. size];
        byte[] head = [(byte)CommandKind.StmtExecute, .. id, 0, 1, 0, 0, 0, 0, 1, 252, 0, 8, 0, .. lengthEncoded];
        await LargeStatement.SendAsync(client, head, size, head.Length + length + size.Length);
        List<string> answers = [await OneAsync(client)];
        byte[] ahead = [(byte)CommandKind.StmtSendLongData, .. id, 0, 0];
        await LargeStatement.SendAsync(client, ahead, [], ahead.Length + length);
        await client.SendAsync(CommandKind.StmtExecute, [.. id, 0, 1, 0, 0, 0, 0, 1, 252, 0, 8, 0, .. size]);
        answers.Add(await OneAsync(client));
        return answers is ["1", "1"] ? ["OK", "1"] : [.. answers];
    }

    private static async Task<string> OneAsync(RawClient client)
    {
        var first = (await client.ReceiveAsync())!;
        if (ErrPacket.Is(first))
        {
            return ErrPacket.Parse(first).ToString();
        }

        await client.ReceiveAsync();
        string value = "";
        await foreach (var row in client.RestOfRowsAsync(columnsEnded: false))
        {
            value = row[2].ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return value;
    }
}
