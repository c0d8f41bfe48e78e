using System.Security.Cryptography;

namespace DbProxy.LocalCluster.Processes;

/// <summary>A run's own folder, locked while its owner lives, so that others can tell an abandoned one and delete it.</summary>
internal sealed class OwnedFolder : IDisposable
{
    private const string LockName = "owner.lock";
    // sun_path is 108 bytes with its final zero.
    private const int SocketPathLimit = 107;

    private readonly FileStream _lock;
    private readonly string? _socketFolder;

    private OwnedFolder(string path, FileStream held, string? socketFolder) =>
        (Path, _lock, _socketFolder) = (path, held, socketFolder);

    public string Path { get; }

    /// <param name="parent">Where it is made.</param>
    /// <param name="prefix">What its name begins with; abandoned folders with the same beginning are deleted.</param>
    public static OwnedFolder Create(string parent, string prefix)
    {
        DeleteAbandoned(parent, prefix);
        while (true)
        {
            var name = prefix + RandomNumberGenerator.GetHexString(8, lowercase: true);
            var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), name);
            if (Directory.Exists(path))
            {
                continue;
            }

            Folders.CreatePrivate(path);
            if (FileLock.TryAcquire(System.IO.Path.Combine(path, LockName)) is { } held)
            {
                return new OwnedFolder(path, held, SocketFolder(path, name));
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

    // A process that was killed could not clean up. Its children are gone with it, its lock too.
    private static void DeleteAbandoned(string parent, string prefix)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(parent, prefix + "*"))
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
