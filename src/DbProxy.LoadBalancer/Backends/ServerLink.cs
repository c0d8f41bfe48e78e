using System.Net;
using System.Net.Security;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>What connections to a backend's servers begin with. Immutable; another one takes its place when it changes.</summary>
internal sealed class ServerLink(ProxyHeaderVersion header, ServerTlsStore? tls)
{
    private static int _lastId;

    /// <summary>No other one of this process has it.</summary>
    public int Id { get; } = Interlocked.Increment(ref _lastId);

    public ProxyHeaderVersion Header => header;

    public ServerTlsStore? Tls => tls;

    /// <summary>How a client's connection to a server begins.</summary>
    /// <param name="to">The server.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="local">Where it connected to.</param>
    /// <param name="protocol">What is spoken inside TLS; null: nothing is said of it.</param>
    public ServerDial Dial(ServerConfig to, IPEndPoint? client, IPEndPoint? local, SslApplicationProtocol? protocol = null) => new(
        to.Host, to.Port, header == ProxyHeaderVersion.None ? null : ProxyHeaderWriter.Write(header, client, local), tls?.For(to.Host, protocol));

    /// <summary>How a check's connection begins: on the server's own port as a client's, elsewhere plainly.</summary>
    public ServerDial DialForCheck(ServerConfig to, HealthCheckConfig check, SslApplicationProtocol? protocol = null) =>
        check.Port > 0 && check.Port != to.Port ? new(to.Host, check.Port, null, null) : Dial(to, null, null, protocol);
}
