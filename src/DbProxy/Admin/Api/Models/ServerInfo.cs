namespace DbProxy.Admin.Api.Models;

/// <summary>A server of a backend, how it is, and what it did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Backend">Whose it is.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="State">UP, DOWN, DRAIN or MAINT.</param>
/// <param name="Order">What an operator or an agent wants of it: ready, drain or maint.</param>
/// <param name="Reason">Why it is in this state.</param>
/// <param name="Since">Since when.</param>
/// <param name="Check">The last check; null: there was none.</param>
/// <param name="Agent">What its agent said last; null: none is asked beside the check.</param>
/// <param name="CheckFailures">Checks that failed while it was up.</param>
/// <param name="Weight">Its share relative to the other servers, as configured or changed.</param>
/// <param name="EffectiveWeight">Less while a slow start lasts, or where an agent asks for less.</param>
/// <param name="IsBackup">Whether it works only while no other server can.</param>
/// <param name="Sessions">Sessions that it has; in http mode requests.</param>
/// <param name="SessionRate">Sessions given to it a second.</param>
/// <param name="Requests">Responses to HTTP requests; null where there were none.</param>
/// <param name="Bytes">Bytes passed on.</param>
/// <param name="Errors">What went wrong with it.</param>
/// <param name="Retries">Sessions tried again here.</param>
/// <param name="Redispatches">Sessions that it failed and another server got.</param>
/// <param name="WentDown">How often it went down.</param>
/// <param name="DownSeconds">How long it was down or in maintenance.</param>
internal sealed record ServerInfo(
    string Name, string Backend, string Address, string State, string Order, string Reason, DateTimeOffset Since, CheckInfo? Check, CheckInfo? Agent, long CheckFailures,
    int Weight, double EffectiveWeight, bool IsBackup, SessionFigures Sessions, RateFigures SessionRate, RequestFigures? Requests, ByteFigures Bytes,
    ErrorFigures Errors, long Retries, long Redispatches, long WentDown, double DownSeconds);

/// <summary>A check of a server, or a question to its agent.</summary>
/// <param name="IsGood">Whether it succeeded.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="At">When it ended.</param>
internal sealed record CheckInfo(bool IsGood, string Detail, double Milliseconds, DateTimeOffset At);
