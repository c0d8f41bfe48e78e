namespace DbProxy.Demo.Workload;

/// <summary>The kinds of work that are timed apart.</summary>
internal enum Operation
{
    /// <summary>One row by its key.</summary>
    PointRead,

    /// <summary>The row that the same session has just written.</summary>
    ReadOwnWrite,

    /// <summary>An INSERT or UPDATE by itself.</summary>
    Write,

    /// <summary>All of a transaction, from its beginning to the answer to COMMIT.</summary>
    Transaction,

    /// <summary>GET_LOCK, a read beneath it, RELEASE_LOCK: what pins a session.</summary>
    NamedLock,
}
