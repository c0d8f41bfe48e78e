using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using DbProxy.LocalCluster;
using Xunit;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>Builds client programs once, outside of the repository, and runs them.</summary>
internal static class ClientProgram
{
    private const int CannotBeHad = 3;

    /// <summary>Far more than any needs on an idle machine: one that hangs shall say where instead of stopping the suite.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);
    private static readonly ConcurrentDictionary<ClientEntry, Lazy<Task<(string Folder, string? Missing)>>> Built = new();

    /// <summary>The folder of the built program. Skips the test, with the reason, where the client cannot be had.</summary>
    public static async Task<string> BuildAsync(ClientEntry client)
    {
        var (folder, missing) = await Built.GetOrAdd(client, c => new(() => BuildOnceAsync(c))).Value;
        if (missing is not null)
        {
            Assert.Skip(missing);
        }

        return folder;
    }

    /// <summary>What the program printed, line by line, also when it had to be stopped: its last line is where it hung.</summary>
    public static async Task<ClientOutput> RunAsync(ClientEntry client, string folder, IReadOnlyDictionary<string, string> environment) =>
        await ExecuteAsync(client, "run", folder, environment, RunLimit);

    private static async Task<(string Folder, string? Missing)> BuildOnceAsync(ClientEntry client)
    {
        var folder = Path.Combine(new LocalClusterOptions().CacheFolder, "clients", $"{client.Name}-{Fingerprint(client)}");
        var ready = Path.Combine(folder, "built");
        // Also what is built is asked whether the programs that run it are there still; it makes nothing anew then.
        var isBuilt = File.Exists(ready);
        // Two test runs of one machine may build at the same time: each in a folder of its own, the first one's stays.
        var making = isBuilt ? folder : $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(making);
        var output = await ExecuteAsync(client, "build", making, new Dictionary<string, string>(), BuildLimit);
        if (output.ExitCode == CannotBeHad)
        {
            if (!isBuilt)
            {
                Directory.Delete(making, recursive: true);
            }

            return ("", output.Lines.LastOrDefault(l => l.Length > 0) ?? "cannot be had");
        }

        Assert.True(output.ExitCode == 0, $"{client.Name} cannot be built: exit code {output.ExitCode}\n{output}");
        if (isBuilt)
        {
            return (folder, null);
        }

        await File.WriteAllTextAsync(Path.Combine(making, "built"), "");
        try
        {
            Directory.Move(making, folder);
        }
        catch (IOException) when (File.Exists(ready))
        {
            Directory.Delete(making, recursive: true);
        }

        return (folder, null);
    }

    /// <summary>Of the client's sources: other sources, another folder.</summary>
    private static string Fingerprint(ClientEntry client)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The .NET programs share a folder, and take their settings from the one above.
        string[] folders = File.Exists(Path.Combine(ClientFiles.Root, client.Folder, "client.csproj")) ? [client.Folder, "dotnet-shared"] : [client.Folder];
        var files = folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(ClientFiles.Root, f), "*", SearchOption.AllDirectories));
        foreach (var file in files.Concat(Directory.EnumerateFiles(ClientFiles.Root, "Directory.*")).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(ClientFiles.Root, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    /// <summary>How the programs of an unpacked MySQL are started; a shell splits the words.</summary>
    private static async Task<Dictionary<string, string>> MySqlProgramsAsync()
    {
        var found = await ServerBinaries.FindAsync(ServerFlavor.MySql);
        if (found.Installation is not { ClientPath: { } shell } installation || Path.GetDirectoryName(shell) is not { } folder
            || !File.Exists(Path.Combine(folder, "mysqldump")))
        {
            return [];
        }

        string Words(string program)
        {
            var command = installation.Run(Path.Combine(folder, program));
            return string.Join(' ', [command.FileName, .. command.Arguments]);
        }

        return new() { ["DBTEST_MYSQL"] = Words("mysql"), ["DBTEST_MYSQLDUMP"] = Words("mysqldump") };
    }

    private static async Task<ClientOutput> ExecuteAsync(
        ClientEntry client, string script, string folder, IReadOnlyDictionary<string, string> environment, TimeSpan limit)
    {
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(ClientFiles.Root, client.Folder, script), folder, client.Name])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            StandardOutputEncoding = Encoding.UTF8, WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment.Concat(await MySqlProgramsAsync()))
        {
            start.Environment[name] = value;
        }

        // Set for the proxy in this process; a .NET driver that waits for a socket on a socket's thread would wait for ever.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        List<string> lines = [];
        StringBuilder errors = new();
        process.OutputDataReceived += (_, e) => { if (e.Data is not null) { lock (lines) { lines.Add(e.Data); } } };
        process.ErrorDataReceived += (_, e) => { if (e.Data is not null) { lock (errors) { errors.AppendLine(e.Data); } } };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (lines)
            {
                return new(-1, [.. lines], $"stopped after {limit.TotalSeconds:0} s behind its line: {lines.LastOrDefault() ?? "(none)"}\n{errors}");
            }
        }

        return new(process.ExitCode, lines, errors.ToString());
    }
}
