namespace DbProxy.Admin.Api.Models;

/// <summary>The MySQL proxy: its servers, its sessions, and what it decided.</summary>
/// <param name="Primary">The server that takes writes; null: none does at present.</param>
/// <param name="Warning">What an operator should know of the servers, such as two writable ones; empty otherwise.</param>
/// <param name="Sessions">Client sessions.</param>
/// <param name="SessionRate">New sessions a second.</param>
/// <param name="Refused">Clients refused at the limit (error 1040).</param>
/// <param name="FailedLogins">Logins refused or broken off.</param>
/// <param name="StatementRate">Statements a second.</param>
/// <param name="Retries">Statements run again elsewhere before their client saw anything.</param>
/// <param name="Waits">Statements held because no server could take them.</param>
/// <param name="Servers">The servers in the order of the configuration.</param>
/// <param name="Pins">Why sessions keep a connection for themselves; reasons that there were.</param>
/// <param name="Routes">Why statements went where they went; reasons that there were.</param>
/// <param name="Errors">Errors that clients were sent, the most frequent first.</param>
internal sealed record MySqlInfo(
    string? Primary, string Warning, SessionFigures Sessions, RateFigures SessionRate, long Refused, long FailedLogins, RateFigures StatementRate,
    long Retries, long Waits, MySqlServerInfo[] Servers, PinInfo[] Pins, RouteInfo[] Routes, ErrorInfo[] Errors);

/// <summary>A reason for which sessions are pinned to a server connection.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Now">Sessions that are pinned for it now.</param>
/// <param name="Total">How often it happened.</param>
internal sealed record PinInfo(string Reason, int Now, long Total);

/// <summary>A reason for which statements went to a server.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Total">How many statements.</param>
internal sealed record RouteInfo(string Reason, long Total);

/// <summary>An error that clients were sent.</summary>
/// <param name="Code">MySQL's code.</param>
/// <param name="Origin">Who made it: server or proxy.</param>
/// <param name="Total">How often.</param>
internal sealed record ErrorInfo(int Code, string Origin, long Total);
