namespace DbProxy.Sql;

/// <summary>What a statement needs from its connection or leaves behind there; of a batch, the union.</summary>
[Flags]
public enum StatementTraits : uint
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE, at any depth.</summary>
    LocksRows = 1u << 0,

    /// <summary>Has a user variable (@x), read or possibly read.</summary>
    ReadsUserVariables = 1u << 1,

    /// <summary>Sets a user variable: SET, :=, INTO, LOAD DATA, an argument of CALL, GET DIAGNOSTICS.</summary>
    AssignsUserVariables = 1u << 2,

    /// <summary>Reads LAST_INSERT_ID(), @@last_insert_id or @@identity.</summary>
    LastInsertId = 1u << 3,

    /// <summary>LAST_INSERT_ID(expr), SET last_insert_id or identity, or MariaDB's INSERT … RETURNING, whose answer doesn't tell the id.</summary>
    SetsLastInsertId = 1u << 4,

    /// <summary>FOUND_ROWS().</summary>
    FoundRows = 1u << 5,

    /// <summary>SQL_CALC_FOUND_ROWS: a FOUND_ROWS() is to be expected next.</summary>
    CalcFoundRows = 1u << 6,

    /// <summary>ROW_COUNT().</summary>
    RowCount = 1u << 7,

    /// <summary>SHOW WARNINGS or ERRORS, also with COUNT(*), GET DIAGNOSTICS, @@warning_count, @@error_count.</summary>
    Diagnostics = 1u << 8,

    /// <summary>GET_LOCK, RELEASE_LOCK, RELEASE_ALL_LOCKS, IS_FREE_LOCK, IS_USED_LOCK, and the locking service's functions.</summary>
    NamedLock = 1u << 9,

    /// <summary>Creates, alters or drops something TEMPORARY.</summary>
    TemporaryTable = 1u << 10,

    /// <summary>LOCK TABLES.</summary>
    LocksTables = 1u << 11,

    /// <summary>UNLOCK TABLES or UNLOCK INSTANCE.</summary>
    UnlocksTables = 1u << 12,

    /// <summary>FLUSH TABLES … WITH READ LOCK or FOR EXPORT, LOCK INSTANCE FOR BACKUP, MariaDB's BACKUP.</summary>
    GlobalReadLock = 1u << 13,

    /// <summary>SET TRANSACTION without a scope, and SET @@transaction_isolation or @@transaction_read_only: for the next transaction only.</summary>
    NextTransaction = 1u << 14,

    /// <summary>PREPARE, EXECUTE, DEALLOCATE: named statements of one connection.</summary>
    SqlPrepared = 1u << 15,

    /// <summary>HANDLER: an open cursor of one connection.</summary>
    Handler = 1u << 16,

    /// <summary>BEGIN, START TRANSACTION, XA START, COMMIT or ROLLBACK AND CHAIN.</summary>
    BeginsTransaction = 1u << 17,

    /// <summary>COMMIT, ROLLBACK, XA COMMIT, XA ROLLBACK.</summary>
    EndsTransaction = 1u << 18,

    /// <summary>Commits a running transaction by itself (MySQL manual, "Statements That Cause an Implicit Commit").</summary>
    ImplicitCommit = 1u << 19,

    /// <summary>The text has several statements.</summary>
    MultiStatement = 1u << 20,

    /// <summary>SET GLOBAL, PERSIST or PERSIST_ONLY.</summary>
    SetsGlobal = 1u << 21,

    /// <summary>Sets what the server's tracking of system variables doesn't tell or doesn't hold: roles, resource group, password, gtid_next, insert_id, rand_seed.</summary>
    SetsUntracked = 1u << 22,

    /// <summary>INTO OUTFILE or DUMPFILE.</summary>
    IntoFile = 1u << 23,

    /// <summary>CONNECTION_ID(), @@pseudo_thread_id, PS_CURRENT_THREAD_ID(): the backend connection's own number.</summary>
    ConnectionId = 1u << 24,

    /// <summary>Any XA statement.</summary>
    XaTransaction = 1u << 25,

    /// <summary>The answer tells which server gave it: @@server_id, @@hostname, @@read_only, SHOW STATUS and so on. Informational.</summary>
    ServerSpecific = 1u << 26,

    /// <summary>SET autocommit, whatever the value.</summary>
    SetsAutocommit = 1u << 27,

    /// <summary>COMMIT or ROLLBACK … RELEASE: the server closes the connection behind its answer.</summary>
    ReleasesConnection = 1u << 28,

    /// <summary>
    /// The reading depends on the server's flavour or version (a version comment that some servers execute), so the statement
    /// counts as a write.
    /// </summary>
    Ambiguous = 1u << 29,

    /// <summary>SET @@name = … without a scope: the session's variable, but MariaDB's tracking of variables passes it over.</summary>
    SetsUnscoped = 1u << 30,

    /// <summary>MariaDB's SET STATEMENT … FOR: variables have other values, and are reported with them, for one statement only.</summary>
    SetsForStatement = 1u << 31,
}
