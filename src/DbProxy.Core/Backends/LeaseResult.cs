using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Backends;

/// <summary>Why there is no connection.</summary>
internal enum LeaseFailure : byte { None, NoServer, CannotConnect, Refused, Exhausted }

/// <summary>A connection, or why there is none.</summary>
/// <param name="Connection">The leased connection; null: <paramref name="Failure"/> says why.</param>
/// <param name="Failure">What failed.</param>
/// <param name="Error">The server's own error where it refused the login; else a text for the log.</param>
internal readonly record struct LeaseResult(ServerConnection? Connection, LeaseFailure Failure = LeaseFailure.None, ErrPacket? Error = null)
{
    /// <summary>
    /// Whether the server refused for its number of connections: in all (1040), or of this user (1203, 1226). That says
    /// nothing about the password.
    /// </summary>
    public bool IsServerLimit => Failure == LeaseFailure.Refused && Error?.Code is 1040 or 1203 or 1226;

    public static implicit operator LeaseResult(ServerConnection connection) => new(connection);
}
