namespace DbProxy.Admin.Api.Models;

/// <summary>A frontend and what it did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mode">tcp or http.</param>
/// <param name="Addresses">Where it listens.</param>
/// <param name="IsTls">Whether TLS ends here.</param>
/// <param name="Backend">Where it sends what no route matches; null: such is refused.</param>
/// <param name="Sessions">Client connections.</param>
/// <param name="SessionRate">New connections a second.</param>
/// <param name="Requests">HTTP requests; null in tcp mode.</param>
/// <param name="Bytes">Bytes passed on.</param>
/// <param name="Denied">What was refused.</param>
/// <param name="RequestErrors">Clients that did not speak what was expected.</param>
/// <param name="ClientAborts">HTTP clients that broke off.</param>
/// <param name="Rules">Its access rules and how often each decided.</param>
internal sealed record FrontendInfo(
    string Name, string Mode, string[] Addresses, bool IsTls, string? Backend, SessionFigures Sessions, RateFigures SessionRate, RequestFigures? Requests,
    ByteFigures Bytes, DeniedFigures Denied, long RequestErrors, long ClientAborts, RuleInfo[] Rules);

/// <summary>An access rule.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Action">What it does.</param>
/// <param name="Hits">How often it decided.</param>
internal sealed record RuleInfo(string Name, string Action, long Hits);
