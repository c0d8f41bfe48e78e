using System.Security.Cryptography;
using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Replication;

/// <summary>A cluster's own folder, locked while its owner lives, so that others can tell an abandoned one and delete it.</summary>
internal sealed class ClusterFolder : IDisposable
{
    private const string Prefix = "dbproxy-cluster-";
    private const string LockName = "owner.lock";
    // sun_path is 108 bytes with its final zero.
    private const int SocketPathLimit = 107;

    private readonly FileStream _lock;
    private readonly string? _socketFolder;

    private ClusterFolder(string path, FileStream held, string? socketFolder) =>
        (Path, _lock, _socketFolder) = (path, held, socketFolder);

    public string Path { get; }

    public static ClusterFolder Create(string parent)
    {
        DeleteAbandoned(parent);
        while (true)
        {
            var name = Prefix + RandomNumberGenerator.GetHexString(8, lowercase: true);
            var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), name);
            if (Directory.Exists(path))
            {
                continue;
            }

            Folders.CreatePrivate(path);
            if (FileLock.TryAcquire(System.IO.Path.Combine(path, LockName)) is { } held)
            {
                return new ClusterFolder(path, held, SocketFolder(path, name));
            }
        }
    }

    /// <summary>The path of a server's socket, beside its data where that is short enough.</summary>
    public string SocketPath(uint serverId) => System.IO.Path.Combine(_socketFolder ?? Path, $"{serverId}.sock");

    public void Dispose()
    {
        _lock.Dispose();
        Folders.Delete(Path);
        if (_socketFolder is not null)
        {
            Folders.Delete(_socketFolder);
        }
    }

    private static string? SocketFolder(string path, string name)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) + "/4294967295.sock".Length <= SocketPathLimit)
        {
            return null;
        }

        var folder = "/tmp/" + name;
        Folders.CreatePrivate(folder);
        return folder;
    }

    // A process that was killed could not clean up. Its servers are gone with it, its lock too.
    private static void DeleteAbandoned(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                var lockPath = System.IO.Path.Combine(folder, LockName);
                // Old enough not to be one that is being created at this moment.
                if (File.Exists(lockPath) && File.GetLastWriteTimeUtc(lockPath) < DateTime.UtcNow.AddMinutes(-1) &&
                    FileLock.TryAcquire(lockPath) is { } abandoned)
                {
                    Folders.Delete(folder);
                    abandoned.Dispose();
                }
            }
            catch (UnauthorizedAccessException)
            {
                // Another user's.
            }
        }
    }
}
