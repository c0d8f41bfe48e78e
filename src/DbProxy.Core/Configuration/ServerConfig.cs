using DbProxy.LoadBalancer.ProxyProtocol;

namespace DbProxy.Core.Configuration;

/// <summary>One database server; see <see cref="ServerOptions"/>.</summary>
/// <param name="Name">Unique; the name in logs and metrics.</param>
/// <param name="Address">Unique; resolve its host for each connection.</param>
/// <param name="Weight">1 to 1000.</param>
/// <param name="ProxyProtocol">The header that it gets in front of each connection.</param>
public sealed record ServerConfig(string Name, HostPort Address, int Weight, ProxyHeaderVersion ProxyProtocol = ProxyHeaderVersion.None);

/// <summary>An account known beforehand; see <see cref="UserOptions"/>.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Password">From wherever the options say.</param>
public sealed record UserConfig(string Name, Secret Password);
