namespace DbProxy.LocalCluster.Servers;

/// <summary>Options of a replicating server that starts fast, needs little memory and loses nothing but durability.</summary>
internal static class ServerArguments
{
    public static IEnumerable<string> For(ServerSettings settings) =>
        [.. Common(settings), .. settings.Installation.Flavor == ServerFlavor.MySql ? MySql(settings) : MariaDb(settings)];

    private static IEnumerable<string> Common(ServerSettings settings) =>
    [
        $"--datadir={settings.DataFolder}",
        $"--port={settings.Port}",
        "--bind-address=127.0.0.1",
        $"--socket={settings.SocketPath}",
        $"--pid-file={Path.Combine(settings.Folder, "server.pid")}",
        $"--log-error={settings.LogPath}",
        $"--server-id={settings.ServerId}",
        "--report-host=127.0.0.1",
        $"--report-port={settings.Port}",
        "--secure-file-priv=",
        "--local-infile=ON",
        "--skip-name-resolve",
        "--max-connections=1000",
        "--max-allowed-packet=64M",
        "--log-bin=binlog",
        "--binlog-format=ROW",
        // A crash of the machine may lose the data; it is deleted at the end anyway. A killed process loses none.
        "--sync-binlog=0",
        "--innodb-flush-log-at-trx-commit=2",
        "--innodb-doublewrite=OFF",
        "--innodb-buffer-pool-load-at-startup=OFF",
        "--innodb-buffer-pool-dump-at-shutdown=OFF",
        $"--innodb-buffer-pool-size={settings.BufferPoolMegabytes}M",
    ];

    private static IEnumerable<string> MySql(ServerSettings settings) =>
    [
        "--mysqlx=OFF",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON",
        "--replica-parallel-workers=2",
        "--replica-preserve-commit-order=ON",
        "--innodb-redo-log-capacity=64M",
        // Lag is read from its replication tables. The instruments that cost memory at the start are not needed.
        "--performance-schema=ON",
        "--performance-schema-max-table-instances=500",
        "--performance-schema-max-thread-instances=1200",
        "--performance-schema-events-statements-history-long-size=0",
        "--performance-schema-events-waits-history-long-size=0",
        "--performance-schema-events-stages-history-long-size=0",
        "--performance-schema-events-transactions-history-long-size=0",
    ];

    private static IEnumerable<string> MariaDb(ServerSettings settings)
    {
        yield return "--log-slave-updates=ON";
        yield return "--gtid-strict-mode=ON";
        yield return "--slave-parallel-threads=2";
        yield return "--innodb-log-file-size=32M";
        yield return "--performance-schema=OFF";
        yield return $"--ssl-cert={Path.Combine(settings.ClusterFolder, ServerCertificate.CertificateName)}";
        yield return $"--ssl-key={Path.Combine(settings.ClusterFolder, ServerCertificate.KeyName)}";
        if (settings.Installation.SupportsEd25519)
        {
            yield return "--plugin-load-add=auth_ed25519";
        }
    }
}
