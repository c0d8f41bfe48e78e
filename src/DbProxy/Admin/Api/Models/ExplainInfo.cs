namespace DbProxy.Admin.Api.Models;

/// <summary>What would become of a statement now, in a new session outside a transaction.</summary>
/// <param name="Kind">What it is: select, insert, set, …</param>
/// <param name="Access">read, write, or read_transaction: what it is taken for.</param>
/// <param name="Traits">What it needs from its connection or leaves behind there.</param>
/// <param name="Server">The server that would get it; null: none can at present.</param>
/// <param name="Reason">Why that one.</param>
internal sealed record ExplainInfo(string Kind, string Access, string[] Traits, string? Server, string Reason);
