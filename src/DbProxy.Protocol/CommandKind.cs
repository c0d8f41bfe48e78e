namespace DbProxy.Protocol;

/// <summary>The first byte of a command packet. Source: MySQL's enum_server_command; MariaDB's additions.</summary>
public enum CommandKind : byte
{
    /// <summary>Internal to the server.</summary>
    Sleep = 0,
    /// <summary>Ends the connection; no answer.</summary>
    Quit = 1,
    /// <summary>Changes the schema.</summary>
    InitDb = 2,
    /// <summary>One or several statements as text.</summary>
    Query = 3,
    /// <summary>Columns of a table (deprecated).</summary>
    FieldList = 4,
    /// <summary>Removed from servers.</summary>
    CreateDb = 5,
    /// <summary>Removed from servers.</summary>
    DropDb = 6,
    /// <summary>Old form of FLUSH.</summary>
    Refresh = 7,
    /// <summary>Old form of SHUTDOWN.</summary>
    Shutdown = 8,
    /// <summary>A line of text about the server.</summary>
    Statistics = 9,
    /// <summary>Old form of SHOW PROCESSLIST.</summary>
    ProcessInfo = 0x0a,
    /// <summary>Internal to the server.</summary>
    Connect = 0x0b,
    /// <summary>Old form of KILL.</summary>
    ProcessKill = 0x0c,
    /// <summary>Makes the server write debug information to its log.</summary>
    Debug = 0x0d,
    /// <summary>Is the connection alive?</summary>
    Ping = 0x0e,
    /// <summary>Internal to the server.</summary>
    Time = 0x0f,
    /// <summary>Internal to the server.</summary>
    DelayedInsert = 0x10,
    /// <summary>Logs in again on the same connection.</summary>
    ChangeUser = 0x11,
    /// <summary>Replication stream by file and position.</summary>
    BinlogDump = 0x12,
    /// <summary>Removed from servers.</summary>
    TableDump = 0x13,
    /// <summary>Internal to the server.</summary>
    ConnectOut = 0x14,
    /// <summary>A replica introduces itself.</summary>
    RegisterReplica = 0x15,
    /// <summary>Prepares a statement.</summary>
    StmtPrepare = 0x16,
    /// <summary>Executes a prepared statement.</summary>
    StmtExecute = 0x17,
    /// <summary>A piece of a parameter; no answer.</summary>
    StmtSendLongData = 0x18,
    /// <summary>Frees a prepared statement; no answer.</summary>
    StmtClose = 0x19,
    /// <summary>Clears a prepared statement's long data and cursor.</summary>
    StmtReset = 0x1a,
    /// <summary>Several statements on or off.</summary>
    SetOption = 0x1b,
    /// <summary>Rows from an open cursor.</summary>
    StmtFetch = 0x1c,
    /// <summary>Internal to the server.</summary>
    Daemon = 0x1d,
    /// <summary>Replication stream by GTID set.</summary>
    BinlogDumpGtid = 0x1e,
    /// <summary>Resets the session state without logging in again.</summary>
    ResetConnection = 0x1f,
    /// <summary>MySQL clone plugin.</summary>
    Clone = 0x20,
    /// <summary>MySQL group replication.</summary>
    SubscribeGroupReplicationStream = 0x21,
    /// <summary>MariaDB COM_STMT_BULK_EXECUTE.</summary>
    MariaDbBulkExecute = 0xfa,
}
