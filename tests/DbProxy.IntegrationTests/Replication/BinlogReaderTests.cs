using System.Globalization;
using DbProxy.IntegrationTests.Clients;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Replication;

/// <summary>The servers' own reader of binary logs.</summary>
public sealed class BinlogReaderTests
{
    [Theory, EachFlavor]
    public async Task The_log_is_copied_byte_by_byte(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY, v MEDIUMTEXT)", "INSERT INTO t VALUES (1, REPEAT('y', 3000000))");
        var reader = new ClusterAccount($"r{bed.Schema}", "secret");
        await bed.Cluster.CreateUserAsync(reader.User, reader.Password, null, "REPLICATION SLAVE ON *.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        var program = Path.Combine(Path.GetDirectoryName(bed.Cluster.Installation.ClientPath ?? "")!, "mysqlbinlog");
        if (!File.Exists(program))
        {
            Assert.Skip($"There is no {program}.");
        }

        var folder = Directory.CreateTempSubdirectory("dbproxy-binlog-");
        try
        {
            var first = Directory.GetFiles(bed.Cluster.Primary.DataDirectory, "binlog.0*").Order(StringComparer.Ordinal).First();
            string[] keys = flavor == Flavor.MySql ? ["--get-server-public-key", "--ssl-mode=DISABLED"] : ["--skip-ssl"];
            var command = bed.Cluster.Installation.Run(program,
            [
                "--no-defaults", "--read-from-remote-server", "--raw", $"--result-file={folder.FullName}/", "--host=127.0.0.1", "--protocol=tcp",
                $"--port={bed.Proxy.Port.ToString(CultureInfo.InvariantCulture)}", $"--user={reader.User}", $"--password={reader.Password}", .. keys, Path.GetFileName(first),
            ]);
            var (code, output, error) = await ProgramClient.RunAsync(command);
            Assert.True(code == 0, $"{output}\n{error}");
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

    /// <summary>Without the first event's flags: the server marks the log that it still writes as in use.</summary>
    private static byte[] HeadOf(byte[] log)
    {
        var copy = log.ToArray();
        copy[4 + 17] = 0;
        return copy;
    }
}
