namespace DbProxy.Sql;

/// <summary>Which servers may run a statement.</summary>
public enum StatementAccess : byte
{
    /// <summary>Provably a read that depends on no connection: any fresh replica may answer.</summary>
    Read,

    /// <summary>Everything else, also what isn't understood.</summary>
    Write,

    /// <summary>START TRANSACTION READ ONLY: the whole transaction may run on one replica.</summary>
    ReadTransaction,
}
