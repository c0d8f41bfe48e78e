namespace DbProxy.LocalCluster.Processes;

/// <summary>Copies, publishes and deletes folders.</summary>
internal static class Folders
{
    /// <summary>Copies a tree. Modes are kept; symbolic links do not occur in data directories.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    /// <summary>Creates a folder that only this user can enter: passwords, keys and data lie in it.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>
    /// Makes a cached folder once among all processes: under a lock, in a temporary folder that is renamed when it is
    /// complete, so that nobody ever sees half of one.
    /// </summary>
    public static async Task<string> MakeOnceAsync(string path, Func<string, Task> fill, CancellationToken cancel)
    {
        if (Directory.Exists(path))
        {
            return path;
        }

        await using var held = await FileLock.AcquireAsync(path + ".lock", cancel);
        if (Directory.Exists(path))
        {
            return path;
        }

        var partial = path + ".partial";
        Delete(partial);
        Directory.CreateDirectory(partial);
        try
        {
            await fill(partial);
            Directory.Move(partial, path);
            return path;
        }
        finally
        {
            Delete(partial);
        }
    }

    /// <summary>Deletes a tree if it is there; what cannot be deleted now is left, for it is only temporary data.</summary>
    public static void Delete(string path)
    {
        for (var attempt = 0; attempt < 20 && Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(50);
            }
        }
    }
}
