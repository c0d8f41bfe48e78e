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
    private static readonly ClusterAccount Reader = new("binlog_reader", "secret");

    [Theory, EachFlavor]
    public async Task The_log_is_copied_byte_by_byte(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Users = [new() { Name = Reader.User, Password = Reader.Password }], "CREATE TABLE t (id INT PRIMARY KEY, v MEDIUMTEXT)", "INSERT INTO t VALUES (1, REPEAT('y', 3000000))");
        await bed.Cluster.CreateUserAsync(Reader.User, Reader.Password, null, "REPLICATION SLAVE ON *.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        var name = flavor == Flavor.MySql ? "mysqlbinlog" : "mariadb-binlog";
        string[] folders = [Path.GetDirectoryName(bed.Cluster.Installation.ClientPath) ?? "", "/usr/bin"];
        var program = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Skip($"There is no {name} in {string.Join(" or ", folders)}.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("dbproxy-binlog-");
        try
        {
            var first = Directory.GetFiles(bed.Cluster.Primary.DataDirectory, "binlog.0*").Order(StringComparer.Ordinal).First();
            string[] keys = flavor == Flavor.MySql ? ["--get-server-public-key", "--ssl-mode=DISABLED"] : ["--skip-ssl"];
            string[] arguments =
            [
                "--no-defaults", "--read-from-remote-server", "--raw", $"--result-file={folder.FullName}/", "--host=127.0.0.1", "--protocol=tcp",
                $"--port={bed.Proxy.Port.ToString(CultureInfo.InvariantCulture)}", $"--user={Reader.User}", $"--password={Reader.Password}", .. keys, Path.GetFileName(first),
            ];
            var command = program.StartsWith("/usr/bin/", StringComparison.Ordinal) ? new(program, arguments) : bed.Cluster.Installation.Run(program, arguments);
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
