namespace DbProxy.Admin.Api.Models;

/// <summary>A server to add to a backend.</summary>
/// <param name="Address">Where it listens, host:port.</param>
/// <param name="Name">Its name; left out: the address.</param>
/// <param name="Weight">Its share relative to the other servers, 0 to 256.</param>
/// <param name="MaxConnections">The most connections at a time; 0: no limit.</param>
/// <param name="IsBackup">Whether it works only while no other server can.</param>
internal sealed record NewServer(string Address, string? Name = null, int Weight = 1, int MaxConnections = 0, bool IsBackup = false);
