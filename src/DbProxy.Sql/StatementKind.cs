namespace DbProxy.Sql;

#pragma warning disable CS1591 // The members are the statements' own names; those that aren't say what they stand for.

/// <summary>Which statement a text is, by its leading words.</summary>
public enum StatementKind : byte
{
    /// <summary>Nothing but blanks, comments and semicolons: servers answer 1065 (empty query).</summary>
    Empty,

    /// <summary>Not recognised, or not to be read to its end (an open string, quote or comment).</summary>
    Unknown,
    Select,
    With,
    Values,
    Table,
    Insert,
    Replace,
    Update,
    Delete,

    /// <summary>LOAD DATA and LOAD XML, with or without LOCAL.</summary>
    LoadData,

    /// <summary>CREATE, ALTER, DROP and RENAME, of accounts too. A stored program's body belongs to its CREATE.</summary>
    Ddl,
    Set,

    /// <summary>MariaDB's SET STATEMENT … FOR statement: its access is that of the inner statement.</summary>
    SetStatement,
    Show,

    /// <summary>DESCRIBE, DESC or EXPLAIN of a table.</summary>
    Describe,

    /// <summary>EXPLAIN, DESCRIBE or DESC of a statement, and MariaDB's ANALYZE statement.</summary>
    Explain,
    Begin,
    StartTransaction,
    Commit,
    Rollback,
    Savepoint,
    ReleaseSavepoint,
    RollbackToSavepoint,
    Use,
    Kill,
    Call,
    Do,
    Xa,

    /// <summary>LOCK TABLES; LOCK INSTANCE is <see cref="Admin"/>.</summary>
    LockTables,

    /// <summary>UNLOCK TABLES; UNLOCK INSTANCE is <see cref="Admin"/>.</summary>
    UnlockTables,
    Flush,
    Prepare,

    /// <summary>EXECUTE of a prepared name, and MariaDB's EXECUTE IMMEDIATE.</summary>
    Execute,

    /// <summary>DEALLOCATE PREPARE and DROP PREPARE.</summary>
    Deallocate,
    Handler,
    Truncate,
    GetDiagnostics,

    /// <summary>MariaDB's compound statement outside a stored program: BEGIN NOT ATOMIC, IF, WHILE, a label and so on.</summary>
    Compound,

    /// <summary>SHUTDOWN, and MySQL's RESTART.</summary>
    Shutdown,

    /// <summary>Table maintenance, rights, replication, plugins and all else that administers a server.</summary>
    Admin,

    /// <summary>Several statements in one text: traits are those of all, and one write makes the batch a write.</summary>
    Batch,
}
