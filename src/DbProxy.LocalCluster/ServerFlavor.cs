namespace DbProxy.LocalCluster;

/// <summary>Which family of servers: they differ in replication statements, GTIDs and account plugins.</summary>
public enum ServerFlavor
{
    /// <summary>Oracle's MySQL, 8.0.26 or later (older ones lack the REPLICA/SOURCE statements and options used here).</summary>
    MySql,

    /// <summary>MariaDB, 10.5 or later (older ones lack the SLAVE MONITOR privilege).</summary>
    MariaDb,
}
