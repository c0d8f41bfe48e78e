namespace DbProxy.Sql;

/// <summary>What a statement needs from its connection or leaves behind there; of a batch, the union.</summary>
[Flags]
public enum StatementTraits : ulong
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE, at any depth.</summary>
    LocksRows = 1ul << 0,

    /// <summary>Has a user variable (@x), read or possibly read.</summary>
    ReadsUserVariables = 1ul << 1,

    /// <summary>Sets a user variable: SET, :=, INTO, LOAD DATA, an argument of CALL, GET DIAGNOSTICS.</summary>
    AssignsUserVariables = 1ul << 2,

    /// <summary>Reads LAST_INSERT_ID(), @@last_insert_id or @@identity.</summary>
    LastInsertId = 1ul << 3,

    /// <summary>LAST_INSERT_ID(expr), SET last_insert_id or identity, or MariaDB's INSERT … RETURNING, whose answer doesn't tell the id.</summary>
    SetsLastInsertId = 1ul << 4,

    /// <summary>FOUND_ROWS().</summary>
    FoundRows = 1ul << 5,

    /// <summary>SQL_CALC_FOUND_ROWS: a FOUND_ROWS() is to be expected next.</summary>
    CalcFoundRows = 1ul << 6,

    /// <summary>ROW_COUNT().</summary>
    RowCount = 1ul << 7,

    /// <summary>SHOW WARNINGS or ERRORS, also with COUNT(*), GET DIAGNOSTICS, @@warning_count, @@error_count.</summary>
    Diagnostics = 1ul << 8,

    /// <summary>GET_LOCK, RELEASE_LOCK, RELEASE_ALL_LOCKS, IS_FREE_LOCK, IS_USED_LOCK, and the locking service's functions.</summary>
    NamedLock = 1ul << 9,

    /// <summary>Creates, alters or drops something TEMPORARY.</summary>
    TemporaryTable = 1ul << 10,

    /// <summary>LOCK TABLES.</summary>
    LocksTables = 1ul << 11,

    /// <summary>UNLOCK TABLES or UNLOCK INSTANCE.</summary>
    UnlocksTables = 1ul << 12,

    /// <summary>FLUSH TABLES … WITH READ LOCK or FOR EXPORT, LOCK INSTANCE FOR BACKUP, MariaDB's BACKUP.</summary>
    GlobalReadLock = 1ul << 13,

    /// <summary>SET TRANSACTION without a scope, and SET @@transaction_isolation or @@transaction_read_only: for the next transaction only.</summary>
    NextTransaction = 1ul << 14,

    /// <summary>PREPARE, EXECUTE, DEALLOCATE: named statements of one connection.</summary>
    SqlPrepared = 1ul << 15,

    /// <summary>HANDLER: an open cursor of one connection.</summary>
    Handler = 1ul << 16,

    /// <summary>BEGIN, START TRANSACTION, XA START, COMMIT or ROLLBACK AND CHAIN.</summary>
    BeginsTransaction = 1ul << 17,

    /// <summary>COMMIT, ROLLBACK, XA COMMIT, XA ROLLBACK.</summary>
    EndsTransaction = 1ul << 18,

    /// <summary>Commits a running transaction by itself (MySQL manual, "Statements That Cause an Implicit Commit").</summary>
    ImplicitCommit = 1ul << 19,

    /// <summary>The text has several statements.</summary>
    MultiStatement = 1ul << 20,

    /// <summary>SET GLOBAL, PERSIST or PERSIST_ONLY.</summary>
    SetsGlobal = 1ul << 21,

    /// <summary>Sets what the server's tracking of system variables doesn't tell or doesn't hold: roles, resource group, password, gtid_next, insert_id, rand_seed.</summary>
    SetsUntracked = 1ul << 22,

    /// <summary>INTO OUTFILE or DUMPFILE.</summary>
    IntoFile = 1ul << 23,

    /// <summary>CONNECTION_ID(), @@pseudo_thread_id, PS_CURRENT_THREAD_ID(): the backend connection's own number.</summary>
    ConnectionId = 1ul << 24,

    /// <summary>Any XA statement.</summary>
    XaTransaction = 1ul << 25,

    /// <summary>The answer tells which server gave it: @@server_id, @@hostname, @@read_only, SHOW STATUS and so on. Informational.</summary>
    ServerSpecific = 1ul << 26,

    /// <summary>SET autocommit, whatever the value.</summary>
    SetsAutocommit = 1ul << 27,

    /// <summary>COMMIT or ROLLBACK … RELEASE: the server closes the connection behind its answer.</summary>
    ReleasesConnection = 1ul << 28,

    /// <summary>
    /// The reading depends on the server's flavour or version (a version comment that some servers execute), so the statement
    /// counts as a write.
    /// </summary>
    Ambiguous = 1ul << 29,

    /// <summary>SET @@name = … without a scope: the session's variable, but MariaDB's tracking of variables passes it over.</summary>
    SetsUnscoped = 1ul << 30,

    /// <summary>MariaDB's SET STATEMENT … FOR: variables have other values, and are reported with them, for one statement only.</summary>
    SetsForStatement = 1ul << 31,

    /// <summary>Calls a function that servers don't bring with them: a stored one may set variables and make temporary tables.</summary>
    CallsStoredFunction = 1ul << 32,
}
