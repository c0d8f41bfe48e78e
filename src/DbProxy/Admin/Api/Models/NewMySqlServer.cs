namespace DbProxy.Admin.Api.Models;

/// <summary>A database server to add.</summary>
/// <param name="Address">Where it listens, host:port or unix:/path.</param>
/// <param name="Name">Its name; left out: the address.</param>
/// <param name="Weight">Its share of the reads relative to the other replicas, 1 to 1000.</param>
/// <param name="ProxyProtocol">The header that tells it each connection's client address: none, v1 or v2.</param>
internal sealed record NewMySqlServer(string Address, string? Name = null, int Weight = 1, string ProxyProtocol = "none");
