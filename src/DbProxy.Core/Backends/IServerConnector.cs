using DbProxy.Core.Sessions;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Backends;

/// <summary>Opens connections for pools.</summary>
internal interface IServerConnector
{
    /// <summary>Opens a connection for <paramref name="pool"/>'s user and counts it to the pool's server.</summary>
    /// <param name="pool">Where the connection belongs.</param>
    /// <param name="credential">The user's password.</param>
    /// <param name="settings">Schema and character set to log in with; variables are set before the first statement.</param>
    /// <param name="attributes">The client's connection attributes, passed on.</param>
    /// <param name="handlesExpired">
    /// Whether the server is told that the client can handle an expired password. It may then, and a server may without,
    /// give a connection that allows nothing but a new one: see <see cref="ServerConnection.Sandbox"/>.
    /// </param>
    ValueTask<LeaseResult> ConnectAsync(
        ConnectionPool pool, StoredCredential credential, SessionSettings settings, ConnectionAttributes attributes, bool handlesExpired = false);
}
