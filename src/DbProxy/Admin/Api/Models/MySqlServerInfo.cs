namespace DbProxy.Admin.Api.Models;

/// <summary>A database server, how it is, and what it did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Role">primary, replica or unknown.</param>
/// <param name="Health">up, down or unknown.</param>
/// <param name="Order">What an operator wants of it: ready, drain or maint.</param>
/// <param name="InRotation">Whether a replica takes reads now.</param>
/// <param name="Reason">Why it is in this state.</param>
/// <param name="Since">Since when.</param>
/// <param name="LagMilliseconds">How far it is behind the primary; null: unknown, or no replica.</param>
/// <param name="IsReadOnly">Whether it says that it is read-only.</param>
/// <param name="Version">Its version; empty: not known yet.</param>
/// <param name="Gtids">The transactions that it had applied at the last look.</param>
/// <param name="Weight">Its share of the reads.</param>
/// <param name="Connections">The proxy's connections to it.</param>
/// <param name="Statements">What it answered.</param>
/// <param name="StatementRate">Statements a second.</param>
/// <param name="Latency">How long statements took in the last second.</param>
/// <param name="Bytes">Commands to it (in) and responses from it (out).</param>
/// <param name="Errors">Statements that it answered with an error.</param>
/// <param name="ConnectFailures">Connections that could not be opened.</param>
internal sealed record MySqlServerInfo(
    string Name, string Address, string Role, string Health, string Order, bool InRotation, string Reason, DateTimeOffset Since, double? LagMilliseconds,
    bool IsReadOnly, string Version, string Gtids, int Weight, PoolFigures Connections, StatementFigures Statements, RateFigures StatementRate,
    LatencyFigures Latency, ByteFigures Bytes, long Errors, long ConnectFailures);

/// <summary>Connections to a server.</summary>
/// <param name="Open">Open ones.</param>
/// <param name="InUse">Of these, those that sessions have.</param>
/// <param name="Idle">Of these, those that wait for one.</param>
/// <param name="Waiting">Sessions that wait for a connection.</param>
internal sealed record PoolFigures(int Open, int InUse, int Idle, int Waiting);

/// <summary>Statements by their kind.</summary>
internal sealed record StatementFigures(long Read, long Write, long Transaction, long Prepare, long Other);

/// <summary>How long statements took, from their routing to the last byte of the response.</summary>
/// <param name="MeanMilliseconds">The mean; null: there were none.</param>
/// <param name="P95Milliseconds">Of 95 in 100 not longer; null: there were none. Exact within a factor of two.</param>
internal sealed record LatencyFigures(double? MeanMilliseconds, double? P95Milliseconds);
