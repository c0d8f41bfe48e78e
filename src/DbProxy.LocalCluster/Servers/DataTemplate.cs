using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Servers;

/// <summary>
/// An initialised, empty data directory for each version, made once in the cache folder and copied for every server:
/// initialising takes MySQL seconds, a copy is 80 MB.
/// </summary>
internal static class DataTemplate
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    /// <summary>The folder to copy from.</summary>
    public static Task<string> GetAsync(ServerInstallation server, LocalClusterOptions options, CancellationToken cancel)
    {
        var name = $"{server.Flavor}-{server.Version}-{server.Origin}".ToLowerInvariant();
        return Folders.MakeOnceAsync(
            Path.Combine(options.CacheFolder, "data", name),
            async folder =>
            {
                options.Progress?.Invoke($"Initialising a data directory for {server.Flavor} {server.Version}, once");
                var data = Path.Combine(folder, "data");
                var result = await (server.Flavor == ServerFlavor.MySql
                    ? InitialiseMySqlAsync(server, folder, data, cancel)
                    : InitialiseMariaDbAsync(server, folder, data, cancel));
                if (!result.Succeeded)
                {
                    throw new ServerStartException($"Initialising a data directory by {server.ServerPath} failed: {result.Reason}");
                }

                // Each copy must make up a server UUID of its own.
                File.Delete(Path.Combine(data, "auto.cnf"));
            },
            cancel);
    }

    private static Task<ProgramResult> InitialiseMySqlAsync(
        ServerInstallation server, string folder, string data, CancellationToken cancel) =>
        ProgramRunner.RunAsync(
            Command(server, folder, "--initialize-insecure", $"--datadir={data}", "--innodb-doublewrite=OFF",
                "--innodb-redo-log-capacity=64M"),
            _limit, cancel);

    private static Task<ProgramResult> InitialiseMariaDbAsync(
        ServerInstallation server, string folder, string data, CancellationToken cancel)
    {
        if (server.DockerImage is not null)
        {
            return ProgramRunner.RunAsync(
                ContainerCommand.For(server, folder, $"dbproxy-init-{Guid.NewGuid():N}",
                    [.. server.LocationArguments(), $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"], "mariadb-install-db"),
                _limit, cancel);
        }

        if (server.ShareFolder is null)
        {
            return Task.FromResult(new ProgramResult(1, "", "no share folder with mysql_system_tables.sql beside the server"));
        }

        Directory.CreateDirectory(data);
        return ProgramRunner.RunAsync(
            Command(server, folder, "--bootstrap", $"--datadir={data}", "--enforce-storage-engine=", "--max-allowed-packet=8M",
                "--innodb-log-file-size=32M", "--innodb-doublewrite=OFF", "--innodb-flush-log-at-trx-commit=0"),
            _limit, cancel, input => WriteSystemTablesAsync(input, server.ShareFolder));
    }

    // What mariadb-install-db does, without its shell script, which would look for files in the places of an installation.
    private static async Task WriteSystemTablesAsync(StreamWriter input, string shareFolder)
    {
        await input.WriteAsync("CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n");
        string[] scripts = ["mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data", "maria_add_gis_sp_bootstrap", "mysql_sys_schema"];
        foreach (var path in scripts.Select(s => Path.Combine(shareFolder, s + ".sql")).Where(File.Exists))
        {
            await input.WriteAsync(await File.ReadAllTextAsync(path));
        }
    }

    private static ProgramCommand Command(ServerInstallation server, string folder, params string[] arguments)
    {
        IEnumerable<string> all = [.. server.LocationArguments(), .. arguments];
        return server.DockerImage is null
            ? server.Run(server.ServerPath, all)
            : ContainerCommand.For(server, folder, $"dbproxy-init-{Guid.NewGuid():N}", all);
    }
}
