using System.Globalization;
using DbProxy.Core.Backends;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Connection attributes of the proxy's own, beside the client's: with them <c>performance_schema.session_connect_attrs</c>
/// tells who is behind a connection in the server's process list. They are those of the session for which it was opened.
/// </summary>
internal static class ProxyAttributes
{
    private static readonly KeyValuePair<string, string>[] Process =
    [
        new("_dbproxy_host", Environment.MachineName),
        new("_dbproxy_pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>
    /// The proxy's first: servers cut at <c>performance_schema_session_connect_attrs_size</c>, 512 bytes by default. But those of a
    /// driver that MariaDB knows by its name must come first to be seen there.
    /// </summary>
    public static ConnectionAttributes For(Session session, ConnectionAttributes client)
    {
        ConnectionAttributes own = ConnectionAttributes.FromPairs(
        [
            new("_dbproxy_client", session.Socket.RemoteEndPoint?.ToString() ?? ""),
            new("_dbproxy_session", session.Id.ToString(CultureInfo.InvariantCulture)),
            .. Process,
        ]);
        return PoolVariant.DriverOf(client) is null
            ? new((byte[])[.. own.Encoded.Span, .. client.Encoded.Span])
            : new((byte[])[.. client.Encoded.Span, .. own.Encoded.Span]);
    }
}
