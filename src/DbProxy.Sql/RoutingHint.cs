namespace DbProxy.Sql;

/// <summary>
/// What a comment <c>/* dbproxy:primary */</c> or <c>/* dbproxy:replica */</c> asks for. Any plain comment of the text may
/// carry it (<c>/* */</c>, <c>-- </c>, <c>#</c>; not <c>/*!</c> and not <c>/*+</c>), as its first word, in any case and with blanks around the
/// colon. Of contradicting hints the primary wins.
/// </summary>
public enum RoutingHint : byte
{
    /// <summary>No hint.</summary>
    None,

    /// <summary>The statement is to run on the primary, even a read.</summary>
    Primary,

    /// <summary>
    /// The statement is to run on a replica. It turns into <see cref="StatementAccess.Read"/> what is kept on the primary only
    /// because its answer belongs to one server (SHOW STATUS, LOAD_FILE, @@gtid_executed); it never does so for a statement
    /// that locks, writes, has INTO or depends on its connection.
    /// </summary>
    Replica,
}
