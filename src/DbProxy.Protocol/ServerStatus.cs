namespace DbProxy.Protocol;

/// <summary>Status flags of OK and EOF packets. Source: MySQL internals manual, "Status Flags".</summary>
[Flags]
public enum ServerStatus : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A transaction is active.</summary>
    InTransaction = 1,
    /// <summary>autocommit is on.</summary>
    AutoCommit = 2,
    /// <summary>Another result of the same command follows.</summary>
    MoreResultsExist = 8,
    /// <summary>The query used no good index.</summary>
    NoGoodIndexUsed = 0x10,
    /// <summary>The query used no index.</summary>
    NoIndexUsed = 0x20,
    /// <summary>A read-only cursor is open: rows come by COM_STMT_FETCH.</summary>
    CursorExists = 0x40,
    /// <summary>The cursor's last row was sent.</summary>
    LastRowSent = 0x80,
    /// <summary>A database was dropped.</summary>
    DbDropped = 0x100,
    /// <summary>sql_mode has NO_BACKSLASH_ESCAPES: '\' is an ordinary character.</summary>
    NoBackslashEscapes = 0x200,
    /// <summary>The prepared statement's metadata changed on re-preparation.</summary>
    MetadataChanged = 0x400,
    /// <summary>The query took longer than long_query_time.</summary>
    QueryWasSlow = 0x800,
    /// <summary>This result holds OUT parameters.</summary>
    PsOutParams = 0x1000,
    /// <summary>The active transaction is read-only.</summary>
    InTransactionReadOnly = 0x2000,
    /// <summary>The OK packet carries session state changes.</summary>
    SessionStateChanged = 0x4000,
    /// <summary>MariaDB only: sql_mode has ANSI_QUOTES.</summary>
    AnsiQuotes = 0x8000,
}
