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
    public static implicit operator LeaseResult(ServerConnection connection) => new(connection);
}
