namespace DbProxy.LocalCluster.Replication;

/// <summary>The statements in which the two families differ.</summary>
internal abstract class ReplicationDialect
{
    public static ReplicationDialect For(ServerFlavor flavor) =>
        flavor == ServerFlavor.MySql ? new MySqlDialect() : new MariaDbDialect();

    /// <summary>What the monitor account needs to read roles and lag, and no more.</summary>
    public abstract IEnumerable<string> MonitorGrants { get; }

    /// <summary>Reads which transactions a server has: input for <see cref="WaitFor"/>.</summary>
    public abstract string PositionQuery { get; }

    /// <summary>Makes a server that was a primary ready to follow another one from where it stands.</summary>
    public abstract string? AdoptOwnPosition { get; }

    public abstract string Start { get; }

    public abstract string Stop { get; }

    /// <summary>Forgets the source entirely.</summary>
    public abstract string Forget { get; }

    public abstract string Follow(int port, ClusterAccount account);

    public abstract string SetDelay(int seconds);

    public abstract string SetReadOnly(bool readOnly);

    /// <summary>Starts or stops one thread: the one that fetches, or the one that applies.</summary>
    public abstract string Thread(bool start, bool applier);

    /// <summary>Selects 0 when the server has all of <paramref name="position"/> before the time is over.</summary>
    public abstract string WaitFor(string position, int seconds);

    public abstract string IdentifiedBy(string password, string? plugin);
}

internal sealed class MySqlDialect : ReplicationDialect
{
    public override IEnumerable<string> MonitorGrants =>
        ["GRANT REPLICATION CLIENT ON *.* TO 'monitor'@'%'", "GRANT SELECT ON performance_schema.* TO 'monitor'@'%'"];

    public override string PositionQuery => "SELECT @@GLOBAL.gtid_executed";

    public override string? AdoptOwnPosition => null;

    public override string Start => "START REPLICA";

    public override string Stop => "STOP REPLICA";

    public override string Forget => "RESET REPLICA ALL";

    public override string Follow(int port, ClusterAccount account) =>
        $"CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT={port}, SOURCE_USER='{account.User}', " +
        $"SOURCE_PASSWORD='{account.Password}', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1";

    public override string SetDelay(int seconds) => $"CHANGE REPLICATION SOURCE TO SOURCE_DELAY={seconds}";

    public override string SetReadOnly(bool readOnly) =>
        readOnly ? "SET GLOBAL super_read_only=ON" : "SET GLOBAL super_read_only=OFF, GLOBAL read_only=OFF";

    public override string Thread(bool start, bool applier) =>
        $"{(start ? "START" : "STOP")} REPLICA {(applier ? "SQL_THREAD" : "IO_THREAD")}";

    public override string WaitFor(string position, int seconds) => $"SELECT WAIT_FOR_EXECUTED_GTID_SET('{position}', {seconds})";

    public override string IdentifiedBy(string password, string? plugin) =>
        $"IDENTIFIED {(plugin is null ? "" : $"WITH {plugin} ")}BY '{password}'";
}

internal sealed class MariaDbDialect : ReplicationDialect
{
    public override IEnumerable<string> MonitorGrants => ["GRANT SLAVE MONITOR, BINLOG MONITOR ON *.* TO 'monitor'@'%'"];

    public override string PositionQuery => "SELECT @@GLOBAL.gtid_current_pos";

    public override string? AdoptOwnPosition => "SET GLOBAL gtid_slave_pos=@@GLOBAL.gtid_current_pos";

    public override string Start => "START SLAVE";

    public override string Stop => "STOP SLAVE";

    public override string Forget => "RESET SLAVE ALL";

    public override string Follow(int port, ClusterAccount account) =>
        $"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={port}, MASTER_USER='{account.User}', " +
        $"MASTER_PASSWORD='{account.Password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1";

    public override string SetDelay(int seconds) => $"CHANGE MASTER TO MASTER_DELAY={seconds}";

    public override string SetReadOnly(bool readOnly) => $"SET GLOBAL read_only={(readOnly ? "ON" : "OFF")}";

    public override string Thread(bool start, bool applier) =>
        $"{(start ? "START" : "STOP")} SLAVE {(applier ? "SQL_THREAD" : "IO_THREAD")}";

    public override string WaitFor(string position, int seconds) => $"SELECT MASTER_GTID_WAIT('{position}', {seconds})";

    public override string IdentifiedBy(string password, string? plugin) =>
        plugin is null ? $"IDENTIFIED BY '{password}'" : $"IDENTIFIED VIA {plugin} USING PASSWORD('{password}')";
}
