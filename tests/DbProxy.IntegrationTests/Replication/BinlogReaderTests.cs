using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Clients;
using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Replication;

/// <summary>The servers' own reader of binary logs.</summary>
public sealed class BinlogReaderTests
{
    [Theory, EachFlavor]
    public async Task The_log_is_copied_byte_by_byte(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Configure, "CREATE TABLE t (id INT PRIMARY KEY, v MEDIUMTEXT)", "INSERT INTO t VALUES (1, REPEAT('y', 3000000))");
        await BinlogPrograms.CreateReaderAsync(bed.Cluster);
        await ServerAdmin.SyncAsync(bed.Cluster);
        var folder = Directory.CreateTempSubdirectory("dbproxy-binlog-");
        try
        {
            var (code, output, error) = await ProgramClient.RunAsync(BinlogPrograms.Command(bed.Cluster, bed.Proxy.Port, folder.FullName));
            Assert.True(code == 0, $"{output}\n{error}");
            var first = BinlogPrograms.FirstLog(bed.Cluster);
            var copy = await File.ReadAllBytesAsync(Path.Combine(folder.FullName, Path.GetFileName(first)), TestContext.Current.CancellationToken);
            var log = await File.ReadAllBytesAsync(first, TestContext.Current.CancellationToken);
            Assert.True(copy.Length > 3_000_000, $"{copy.Length} bytes were copied");
            Assert.True(HeadOf(copy).SequenceEqual(HeadOf(log[..copy.Length])), "the copy differs");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Configure(ProxyOptions options) =>
        options.Users = [new() { Name = BinlogPrograms.Reader.User, Password = BinlogPrograms.Reader.Password }];

    /// <summary>Without the first event's flags: the server marks the log that it still writes as in use.</summary>
    private static byte[] HeadOf(byte[] log)
    {
        var copy = log.ToArray();
        copy[4 + 17] = 0;
        return copy;
    }
}
