using System.Diagnostics;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Replication;

/// <summary>A reader of the binary log that never stops: it follows what is written, and is told why its stream ends.</summary>
public sealed class EndlessReaderTests
{
    [Theory, EachFlavor]
    public Task It_is_told_that_the_primary_died(Flavor flavor) =>
        ReadUntilAsync(flavor, cluster => cluster.Primary.KillAsync(), "ended it");

    [Theory, EachFlavor]
    public Task It_is_told_that_another_server_is_the_primary(Flavor flavor) =>
        ReadUntilAsync(flavor, cluster => cluster.PromoteAsync(cluster.Replicas[0]), "is the primary now");

    private static async Task ReadUntilAsync(Flavor flavor, Func<ReplicationCluster, Task> end, string reason)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new ClusterOptions { Replicas = 1 });
        await BinlogPrograms.CreateReaderAsync(cluster);
        await cluster.WaitForSyncAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, o => o.Users = [new() { Name = BinlogPrograms.Reader.User, Password = BinlogPrograms.Reader.Password }]);
        proxy.ErrorsAreBugs = false;
        var folder = Directory.CreateTempSubdirectory("dbproxy-binlog-");
        var command = BinlogPrograms.Command(
            cluster, proxy.Port, folder.FullName, "--stop-never", flavor == Flavor.MySql ? "--connection-server-id=4711" : "--stop-never-slave-server-id=4711");
        using var reader = Process.Start(new ProcessStartInfo(command.FileName, command.Arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            var errors = reader.StandardError.ReadToEndAsync();
            await Eventually.IsTrueAsync(() => proxy.Context.Sessions.All.Any(s => s.IsStreaming), "the stream has begun");
            await cluster.ExecuteAsync(cluster.Primary, ["CREATE TABLE app.followed (v TEXT)", "INSERT INTO app.followed VALUES ('it arrives')"]);
            await Eventually.IsTrueAsync(
                () => Directory.EnumerateFiles(folder.FullName).Any(f => Contains(f, "it arrives"u8)), "what is written now arrives");
            await end(cluster);
            await reader.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(40));
            Assert.Contains(reason, await errors, StringComparison.Ordinal);
            Assert.NotEqual(0, reader.ExitCode);
        }
        finally
        {
            reader.Kill(entireProcessTree: true);
            folder.Delete(recursive: true);
        }
    }

    private static bool Contains(string file, ReadOnlySpan<byte> text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).IndexOf(text) >= 0;
    }
}
