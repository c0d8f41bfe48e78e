namespace DbProxy.Sql;

/// <summary>
/// The words that the classification asks for. A member's name is the word itself, an underscore before each inner capital:
/// GetLock is GET_LOCK. Columns can be called like most of them; only the grammar around decides.
/// </summary>
internal enum Keyword : byte
{
    None,

    /// <summary>A word that can't be a keyword because a dot touches it.</summary>
    Qualified,

    // First words.
    Select, With, Values, Table, Insert, Replace, Update, Delete, Load, Create, Alter, Drop, Rename, Truncate, Set, Show,
    Describe, Desc, Explain, Begin, Start, Commit, Rollback, Savepoint, Release, Use, Kill, Call, Do, Xa, Lock, Unlock, Flush,
    Prepare, Execute, Deallocate, Handler, Analyze, Optimize, Check, Checksum, Repair, Grant, Revoke, Change, Reset, Purge,
    Install, Uninstall, Stop, Binlog, Cache, Shutdown, Restart, Clone, Import, Signal, Resignal, Get, Help, Backup, If, While,
    Loop, Repeat, For, Case, Declare,

    // Words behind them.
    Share, Into, Outfile, Dumpfile, Procedure, Function, Trigger, Event, Package, Value, SqlCalcFoundRows, Or, Definer,
    Aggregate, Temporary, Tables, Instance, Export, Read, Only, Transaction, Work, Chain, No, And, To, Not, Query, Connection,
    Hard, Soft, User, Role, Data, Xml, Index, Indexes, Local, Session, Global, Persist, PersistOnly, Password, Resource,
    Default, Statement, Character, Charset, Warnings, Errors, Full, Extended, Storage, Databases, Schemas, Columns, Fields,
    Keys, Triggers, Events, Collation, Engines, Plugins, Privileges, Grants, Variables, Format, Partitions, Schema, Database,
    Diagnostics, Count, View, As, Sequence, Server, Profile, Profiles, Processlist, Returning,

    // Built-in functions whose result or effect belongs to one connection or one server.
    GetLock, ReleaseLock, ReleaseAllLocks, IsFreeLock, IsUsedLock, LastInsertId, FoundRows, RowCount, ConnectionId, Nextval,
    Currval, Lastval, Setval, LoadFile, MasterPosWait, SourcePosWait, WaitForExecutedGtidSet, WaitUntilSqlThreadAfterGtids,
    MasterGtidWait, PsCurrentThreadId,
}
