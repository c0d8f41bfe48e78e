namespace DbProxy.Sql;

/// <summary>What a KILL names and how hard it is.</summary>
[Flags]
public enum KillForm : byte
{
    /// <summary>The connection with an id is to be closed.</summary>
    Connection = 0,

    /// <summary>Only what it runs is to be ended.</summary>
    Query = 1,

    /// <summary>MariaDB: not where that would leave a table damaged.</summary>
    Soft = 2,

    /// <summary>MariaDB: all connections of a user.</summary>
    User = 4,

    /// <summary>MariaDB: the statement with an id of the server's own.</summary>
    QueryId = 8,

    /// <summary>MariaDB: the default, spelt out.</summary>
    Hard = 16,

    /// <summary>Of a batch: one of its statements is a KILL.</summary>
    InBatch = 32,
}
