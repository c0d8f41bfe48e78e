namespace DbProxy.LocalCluster.Replication;

/// <summary>
/// The accounts that every server of a cluster has from its start. Each server creates them by itself and unlogged:
/// they are no transactions, so all servers start with the same, empty GTID history.
/// </summary>
internal sealed class ClusterAccounts
{
    public ClusterAccount Root { get; } = ClusterAccount.Create("root");

    public ClusterAccount App { get; } = ClusterAccount.Create("app");

    public ClusterAccount Monitor { get; } = ClusterAccount.Create("monitor");

    public ClusterAccount Replication { get; } = ClusterAccount.Create("repl");

    /// <summary>An init file: one statement a line.</summary>
    public string InitFile(ServerFlavor flavor)
    {
        IEnumerable<string> statements = [
            "SET sql_log_bin=0",
            "CREATE DATABASE app",
            $"ALTER USER 'root'@'localhost' IDENTIFIED BY '{Root.Password}'",
            // MariaDB's scripts create roots without a password for each name of this host.
            "DELETE FROM mysql.global_priv WHERE User='root' AND Host<>'localhost'",
            "FLUSH PRIVILEGES",
            Create(Root), "GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION",
            Create(App), "GRANT ALL ON app.* TO 'app'@'%'",
            Create(Monitor), .. ReplicationDialect.For(flavor).MonitorGrants,
            Create(Replication), "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'",
        ];
        return string.Concat(statements
            .Where(s => flavor == ServerFlavor.MariaDb || !s.Contains("global_priv", StringComparison.Ordinal))
            .Select(s => s + ";\n"));
    }

    private static string Create(ClusterAccount account) =>
        $"CREATE USER '{account.User}'@'%' IDENTIFIED BY '{account.Password}'";
}
