using DbProxy.LocalCluster.Processes;
using DbProxy.LocalCluster.Replication;
using Xunit;

namespace DbProxy.Tests.LocalCluster;

public sealed class OwnedFolderTests
{
    [Fact]
    public void SocketPathsStayShortHoweverDeepTheFolder()
    {
        var parent = Path.Combine(Path.GetTempPath(), $"dbproxy-test-{Guid.NewGuid():N}");
        try
        {
            var folder = OwnedFolder.Create(Path.Combine(parent, new string('x', 120)), "dbproxy-cluster-");
            var socket = folder.SocketPath(uint.MaxValue);

            Assert.True(socket.Length <= 107, socket);
            Assert.True(Directory.Exists(Path.GetDirectoryName(socket)));
            folder.Dispose();
            Assert.False(Directory.Exists(folder.Path));
            Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
        }
        finally
        {
            Folders.Delete(parent);
        }
    }

    [Fact]
    public void AFolderInUseIsNotTakenForAnAbandonedOne()
    {
        var parent = Path.Combine(Path.GetTempPath(), $"dbproxy-test-{Guid.NewGuid():N}");
        try
        {
            using var inUse = OwnedFolder.Create(parent, "dbproxy-cluster-");
            var abandoned = Directory.CreateDirectory(Path.Combine(parent, "dbproxy-cluster-0")).FullName;
            File.WriteAllText(Path.Combine(abandoned, "owner.lock"), "");
            var anHourAgo = DateTime.UtcNow.AddHours(-1);
            File.SetLastWriteTimeUtc(Path.Combine(abandoned, "owner.lock"), anHourAgo);
            File.SetLastWriteTimeUtc(Path.Combine(inUse.Path, "owner.lock"), anHourAgo);

            using var other = OwnedFolder.Create(parent, "dbproxy-cluster-");

            Assert.True(Directory.Exists(inUse.Path));
            Assert.False(Directory.Exists(abandoned));
        }
        finally
        {
            Folders.Delete(parent);
        }
    }

    [Fact]
    public async Task AFolderIsMadeOnceAndNeverSeenHalf()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dbproxy-test-{Guid.NewGuid():N}", "made");
        var cancel = TestContext.Current.CancellationToken;
        try
        {
            await Assert.ThrowsAsync<IOException>(() => Folders.MakeOnceAsync(path, partial =>
            {
                File.WriteAllText(Path.Combine(partial, "half"), "");
                throw new IOException("stop");
            }, cancel));
            Assert.False(Directory.Exists(path));

            var made = 0;
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Folders.MakeOnceAsync(path, async partial =>
            {
                Interlocked.Increment(ref made);
                await File.WriteAllTextAsync(Path.Combine(partial, "whole"), "", cancel);
            }, cancel))));

            Assert.Equal(1, made);
            Assert.Equal(["whole"], Directory.GetFiles(path).Select(Path.GetFileName));
        }
        finally
        {
            Folders.Delete(Path.GetDirectoryName(path)!);
        }
    }
}
