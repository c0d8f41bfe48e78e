namespace DbProxy.Core.Relay;

/// <summary>How a relayed command ended: one value for each stage and side. <see cref="RelayOutcomes"/> says what follows.</summary>
internal enum RelayOutcome : byte
{
    /// <summary>The whole response reached the client.</summary>
    Completed,

    /// <summary>The server was gone before the command could be sent.</summary>
    ServerLostBeforeCommand,

    /// <summary>The server was lost before any byte of its response reached the client.</summary>
    ServerLostBeforeResponse,

    /// <summary>The server was lost in the middle of its response.</summary>
    ServerLostMidway,

    /// <summary>The server broke the protocol.</summary>
    ServerViolation,

    /// <summary>The server refused as read-only what looked like a read; the client has seen nothing.</summary>
    ReadOnlyServer,

    /// <summary>The primary takes writes no more: it refused one, of which nothing was executed; the client has seen nothing.</summary>
    WriteRefused,

    /// <summary>The replica had not applied the session's last write in time; the client has seen nothing.</summary>
    WaitTimedOut,

    /// <summary>The session's settings could not be restored on the connection; the client has seen nothing.</summary>
    SettingsRefused,

    /// <summary>The server does not have the session's schema: not yet, or no more; the client has seen nothing.</summary>
    SchemaUnknown,

    /// <summary>The session's schema does not exist, and the statement needs one; the client has seen nothing.</summary>
    SchemaMissing,

    /// <summary>The client's statement grew beyond the limit while it was passed on; the server has a part of it.</summary>
    StatementTooLarge,

    /// <summary>The client went away.</summary>
    ClientGone,
}
