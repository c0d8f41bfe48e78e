using System.Globalization;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Replication;

/// <summary>The servers' own readers of binary logs, and the account that they use.</summary>
internal static class BinlogPrograms
{
    public static readonly ClusterAccount Reader = new("binlog_reader", "secret");

    /// <summary>The account, with the right to read.</summary>
    public static Task CreateReaderAsync(ReplicationCluster cluster) =>
        cluster.CreateUserAsync(Reader.User, Reader.Password, null, "REPLICATION SLAVE ON *.*");

    /// <summary>The cluster's oldest log, which its primary has from the start.</summary>
    public static string FirstLog(ReplicationCluster cluster) =>
        Directory.GetFiles(cluster.Primary.DataDirectory, "binlog.0*").Order(StringComparer.Ordinal).First();

    /// <summary>The command that copies from the first log on; skips the test where there is no such program.</summary>
    public static ProgramCommand Command(ReplicationCluster cluster, int port, string folder, params string[] options)
    {
        var mysql = cluster.Installation.Flavor == Flavor.MySql;
        var name = mysql ? "mysqlbinlog" : "mariadb-binlog";
        string[] folders = [Path.GetDirectoryName(cluster.Installation.ClientPath) ?? "", "/usr/bin"];
        var program = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"There is no {name} in {string.Join(" or ", folders)}.");
        string[] keys = mysql ? ["--get-server-public-key", "--ssl-mode=DISABLED"] : ["--skip-ssl"];
        string[] arguments =
        [
            "--no-defaults", "--read-from-remote-server", "--raw", $"--result-file={folder}/", "--host=127.0.0.1", "--protocol=tcp",
            $"--port={port.ToString(CultureInfo.InvariantCulture)}", $"--user={Reader.User}", $"--password={Reader.Password}", .. keys, .. options,
            Path.GetFileName(FirstLog(cluster)),
        ];
        return program!.StartsWith("/usr/bin/", StringComparison.Ordinal) ? new(program, arguments) : cluster.Installation.Run(program, arguments);
    }
}
