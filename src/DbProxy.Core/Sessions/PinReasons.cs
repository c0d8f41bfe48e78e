namespace DbProxy.Core.Sessions;

/// <summary>
/// Why a session keeps one server connection for itself: state that lives there and cannot be carried to another.
/// Each is a label of the metric <c>dbproxy_session_pins_total</c>.
/// </summary>
[Flags]
internal enum PinReasons : ushort
{
    None = 0,
    UserVariable = 1,
    TemporaryTable = 1 << 1,
    NamedLock = 1 << 2,
    TableLock = 1 << 3,
    GlobalReadLock = 1 << 4,

    /// <summary>SET TRANSACTION for the next transaction only; ends with it.</summary>
    NextTransaction = 1 << 5,
    SqlPrepared = 1 << 6,
    Handler = 1 << 7,
    Xa = 1 << 8,

    /// <summary>A system variable was set that is not known to be safe to set again elsewhere.</summary>
    SessionVariable = 1 << 9,

    /// <summary>The server reported a change of state, and nothing in the statement told which.</summary>
    StateChange = 1 << 10,

    /// <summary>SET ROLE, SET PASSWORD and the like: state of the account that no tracker reports.</summary>
    Account = 1 << 11,
    Cursor = 1 << 12,

    /// <summary>Parameter data was sent ahead of an execution.</summary>
    LongData = 1 << 13,

    /// <summary>
    /// The password had expired at the login: the session stays on the connection on which it can be changed, and after
    /// that, because the new one, without which no other can be opened, is not known.
    /// </summary>
    ExpiredPassword = 1 << 14,

    /// <summary>A replica introduced itself: the server lists the connection as a replica's.</summary>
    Replica = 1 << 15,
}
