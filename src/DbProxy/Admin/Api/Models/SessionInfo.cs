namespace DbProxy.Admin.Api.Models;

/// <summary>A client's session.</summary>
/// <param name="Id">What to call it to end it: <c>mysql:ID</c>, or <c>FRONTEND:ID</c>.</param>
/// <param name="Client">The client's address.</param>
/// <param name="User">Its MySQL user; null: there is none.</param>
/// <param name="Backend">The backend of the front end; null: none, or the MySQL proxy.</param>
/// <param name="Server">The server that works for it or that it keeps; null: none now.</param>
/// <param name="State">What it does: login, idle, working, transaction, pinned, streaming; of the front end: waiting, connected.</param>
/// <param name="AgeSeconds">How long it has been there.</param>
/// <param name="IdleSeconds">How long it has been silent.</param>
/// <param name="Schema">Its default schema; null: none.</param>
/// <param name="Pins">Why it keeps a server connection for itself.</param>
internal sealed record SessionInfo(
    string Id, string Client, string? User, string? Backend, string? Server, string State, double AgeSeconds, double IdleSeconds, string? Schema, string[] Pins);

/// <summary>Sessions, the oldest first.</summary>
/// <param name="Total">How many match.</param>
/// <param name="Sessions">The first of them.</param>
internal sealed record SessionList(int Total, SessionInfo[] Sessions);
