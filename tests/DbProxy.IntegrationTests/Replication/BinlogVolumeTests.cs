using System.Text;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.Transfer;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Replication;

/// <summary>Hundreds of megabytes of the binary log, through a proxy of its own process whose memory is watched.</summary>
public sealed class BinlogVolumeTests
{
    private const int Events = 12;
    private const int EventLength = 20_000_000;

    // What a process of .NET grows by for reasons of its own.
    private const long Allowed = 96 << 20;

    [Theory, EachFlavor]
    public async Task A_long_log_takes_no_memory_whether_its_readers_are_fast_or_slow(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new ClusterOptions { Replicas = 0 });
        await BinlogPrograms.CreateReaderAsync(cluster);
        await using var proxy = await ProxyProcess.StartAsync(cluster);
        await using (var small = await StartAsync(proxy, cluster, gtid: false))
        {
            await ReadAsync(small);
        }

        await WriteAsync(cluster);
        long before = proxy.PeakMemory;
        await using var stopped = await StartAsync(proxy, cluster, gtid: false);
        await using var fast = await StartAsync(proxy, cluster, gtid: flavor == Flavor.MySql);
        Assert.InRange(await ReadAsync(fast), (long)Events * EventLength, long.MaxValue);
        Assert.InRange(proxy.PeakMemory - before, 0, Allowed);

        // It has all of it still to come.
        Assert.InRange(await ReadAsync(stopped), (long)Events * EventLength, long.MaxValue);
        Assert.InRange(proxy.PeakMemory - before, 0, Allowed);
    }

    /// <summary>Statements whose text goes into the log and hardly anything anywhere else.</summary>
    private static async Task WriteAsync(ReplicationCluster cluster)
    {
        await using var writer = await RawClient.ConnectAsync(cluster.Primary.Port, cluster.Root);
        await writer.RowsAsync("SET SESSION binlog_format = STATEMENT");
        await writer.RowsAsync("CREATE TABLE app.logged (id INT)");
        for (var i = 0; i < Events; i++)
        {
            await LargeStatement.SendAsync(writer, [(byte)CommandKind.Query, .. "INSERT INTO app.logged VALUES (1) /* "u8], [.. " */"u8], EventLength);
            Assert.Empty(await writer.RowsAsync());
        }
    }

    /// <summary>A reader that has asked for the log from its begin to its end, and has read nothing of it yet.</summary>
    private static async Task<RawClient> StartAsync(ProxyProcess proxy, ReplicationCluster cluster, bool gtid)
    {
        const byte stopAtEnd = 1;
        var client = await RawClient.ConnectAsync(proxy.Port, BinlogPrograms.Reader);
        await client.RowsAsync("SET @master_binlog_checksum = @@global.binlog_checksum");
        byte[] name = Encoding.ASCII.GetBytes(Path.GetFileName(BinlogPrograms.FirstLog(cluster))), position = [4, 0, 0, 0], server = [0, 0, 0, 0], none = [0, 0, 0, 0], noGtids = new byte[8];
        await (gtid
            ? client.SendAsync(CommandKind.BinlogDumpGtid, [stopAtEnd, 0, .. server, (byte)name.Length, 0, 0, 0, .. name, .. position, .. none, 8, 0, 0, 0, .. noGtids])
            : client.SendAsync(CommandKind.BinlogDump, [.. position, stopAtEnd, 0, .. server, .. name]));
        return client;
    }

    /// <summary>Reads to the end of the log; returns the bytes of its events.</summary>
    private static async Task<long> ReadAsync(RawClient client)
    {
        for (long bytes = 0; ;)
        {
            var packet = await client.ReceiveAsync() ?? throw new IOException("The stream ended before the log.");
            Assert.False(ErrPacket.Is(packet), ErrPacket.Is(packet) ? ErrPacket.Parse(packet).ToString() : "");
            if (EofPacket.Is(packet))
            {
                return bytes;
            }

            bytes += packet.Length;
        }
    }
}
