using System.Net;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Core.Sessions;
using DbProxy.Sql;
using DbProxy.Transport;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Logging;

/// <summary>The data path's log lines. Event ids 1100–1199.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Listening on {Endpoint} for MySQL clients")]
    public static partial void Listening(ILogger logger, string endpoint);

    [LoggerMessage(1101, LogLevel.Error, "Session {Session} failed; this is a defect of the proxy")]
    public static partial void SessionFailed(ILogger logger, Exception error, uint session);

    [LoggerMessage(1102, LogLevel.Information, "Session {Session} ended by the {Kind} timeout")]
    public static partial void SessionTimedOut(ILogger logger, uint session, string kind);

    [LoggerMessage(1103, LogLevel.Warning, "Session {Session}: a statement on server {Server} ended as {Outcome}")]
    public static partial void RelayFailed(ILogger logger, uint session, string server, RelayOutcome outcome);

    [LoggerMessage(1104, LogLevel.Information, "Login of '{User}' from {Client} refused: {Reason}")]
    public static partial void LoginRefused(ILogger logger, string user, string client, string reason);

    [LoggerMessage(1105, LogLevel.Information, "User '{User}' admitted for the first time, confirmed by server {Server}")]
    public static partial void UserLearned(ILogger logger, string user, string server);

    [LoggerMessage(1106, LogLevel.Warning, "User '{User}': server {Server} no longer accepts the known password; it is forgotten")]
    public static partial void UserForgotten(ILogger logger, string user, string server);

    [LoggerMessage(1107, LogLevel.Warning, "Accepting clients paused for {Pause}: {Reason}")]
    public static partial void AcceptPaused(ILogger logger, TimeSpan pause, string reason);

    [LoggerMessage(1108, LogLevel.Information, "Draining: no new connections; {Sessions} sessions are open, at most {Limit} for their transactions")]
    public static partial void Draining(ILogger logger, int sessions, TimeSpan limit);

    [LoggerMessage(1109, LogLevel.Information, "Drained: {Sessions} sessions had to be cut off")]
    public static partial void Drained(ILogger logger, int sessions);

    [LoggerMessage(1110, LogLevel.Warning, "Server {Server} is {State}: {Connections} connections to it are cut so that waiting sessions go on")]
    public static partial void ServerCut(ILogger logger, string server, string state, int connections);

    [LoggerMessage(1111, LogLevel.Information, "Client connections: TLS {Mode}, certificate {Certificate}")]
    public static partial void ClientTls(ILogger logger, string mode, string certificate);

    [LoggerMessage(1112, LogLevel.Information, "Too many connections: {Sessions} sessions are open; a client was refused")]
    public static partial void TooManySessions(ILogger logger, int sessions);

    [LoggerMessage(1113, LogLevel.Debug, "Session {Session}: {Kind} on server {Server} ({Reason}), MySQL error {Error}")]
    public static partial void Routed(ILogger logger, uint session, StatementKind kind, string server, RouteReason reason, int error);

    [LoggerMessage(1114, LogLevel.Debug, "Session {Session} keeps its connection to server {Server} for itself: {Reasons}")]
    public static partial void Pinned(ILogger logger, uint session, string server, PinReasons reasons);

    [LoggerMessage(1115, LogLevel.Information, "Session {Session}: the client went away; its statement on server {Server} is stopped")]
    public static partial void ClientVanished(ILogger logger, uint session, string server);

    [LoggerMessage(1116, LogLevel.Warning, "Connection from {Client} refused: it must begin with a header of the PROXY protocol, but {Reason}")]
    public static partial void ProxyHeaderRefused(ILogger logger, string client, string reason);

    [LoggerMessage(1118, LogLevel.Information, "Session {Session} reads the binary log of server {Server}")]
    public static partial void DumpBegins(ILogger logger, uint session, string server);

    [LoggerMessage(1119, LogLevel.Information, "Session {Session}: its stream of the binary log of server {Server} ended ({End}) after {Bytes} bytes")]
    public static partial void DumpEnded(ILogger logger, uint session, string server, RelayEnd end, long bytes);

    [LoggerMessage(1120, LogLevel.Information, "Retired sessions from {Peer}: there were {Found}, {Left} are left")]
    public static partial void Retired(ILogger logger, IPAddress peer, int found, int left);
}
