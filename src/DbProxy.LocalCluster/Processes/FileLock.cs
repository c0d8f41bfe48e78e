namespace DbProxy.LocalCluster.Processes;

/// <summary>
/// A lock between processes: an exclusively opened file (flock). The kernel frees it when its holder dies, so an
/// aborted test run cannot block the next one.
/// </summary>
internal static class FileLock
{
    /// <summary>Waits for the lock; dispose the result to free it.</summary>
    public static async Task<FileStream> AcquireAsync(string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            await Task.Delay(100, cancel);
        }
    }

    /// <summary>The lock, or null when another process holds it.</summary>
    public static FileStream? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException busy) when (busy is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }
    }
}
