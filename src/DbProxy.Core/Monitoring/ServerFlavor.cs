namespace DbProxy.Core.Monitoring;

/// <summary>The family of servers, which differ in GTIDs, replication statements and authentication.</summary>
public enum ServerFlavor : byte
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>MySQL and its close relatives.</summary>
    MySql,

    /// <summary>MariaDB.</summary>
    MariaDb,
}
