namespace DbProxy.Admin.Api.Models;

/// <summary>What to change of a server; what is left out stays.</summary>
/// <param name="State">ready, drain (nothing new; what it has goes on) or maint (nothing new, and no checks).</param>
/// <param name="Reason">Why, for the statistics and the log.</param>
/// <param name="Weight">Its share relative to the other servers, 0 to 256.</param>
/// <param name="MaxConnections">The most connections at a time; 0: no limit.</param>
/// <param name="Address">Where it listens, host:port.</param>
internal sealed record ServerChange(string? State = null, string? Reason = null, int? Weight = null, int? MaxConnections = null, string? Address = null);
