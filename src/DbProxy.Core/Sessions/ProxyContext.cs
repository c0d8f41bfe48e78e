using DbProxy.Core.Accounting;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Handshake;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.LoadBalancer.ProxyProtocol;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Sessions;

/// <summary>What all sessions share.</summary>
internal sealed record ProxyContext(
    ConfigStore Config,
    Topology Topology,
    ServerList Servers,
    Router Router,
    RefusedReads Refused,
    UserDirectory Users,
    SessionRegistry Sessions,
    ProxyCounters Counters,
    ClientAdmission Admission,
    GlobalPosition LastWrite,
    ILogger Logger)
{
    /// <summary>All servers as the data path sees them.</summary>
    public IEnumerable<ServerBackend> Backends => Topology.Servers.Select(s => s.Backend);

    /// <summary>Whether the servers are MariaDB; while there is no primary, what the first one was.</summary>
    public bool IsMariaDb => Topology.Representative.Model.Flavor == ServerFlavor.MariaDb;

    /// <summary>Whether a server is told the clients' addresses: connections then belong to a client's address.</summary>
    public bool TellsClientAddress => Topology.Servers.Any(s => s.ProxyHeader != ProxyHeaderVersion.None);
}
