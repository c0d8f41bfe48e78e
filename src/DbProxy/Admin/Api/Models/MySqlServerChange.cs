namespace DbProxy.Admin.Api.Models;

/// <summary>What to change of a database server; what is left out stays.</summary>
/// <param name="State">ready, drain (no new statements; transactions and pinned sessions go on) or maint (as if it were down: what runs there is cut).</param>
/// <param name="Reason">Why, for statistics, log and clients.</param>
/// <param name="Weight">Its share of the reads relative to the other replicas, 1 to 1000.</param>
/// <param name="Address">Where it listens, host:port or unix:/path; what runs at the former address comes to its end there.</param>
internal sealed record MySqlServerChange(string? State = null, string? Reason = null, int? Weight = null, string? Address = null);
