using DbProxy.Admin.Api.Models;
using DbProxy.Core.Sessions;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.Admin.Api.Reports;

internal sealed partial class Reporter
{
    /// <summary>The sessions that are there, the oldest first.</summary>
    /// <param name="limit">How many to tell of.</param>
    /// <param name="text">What id, client, user, backend, server, state, schema or a pin's reason must hold; null: anything.</param>
    public SessionList SessionsThatAre(int limit, string? text)
    {
        var mysql = (_context.Proxy?.Context.Sessions.All ?? []).Select(Session);
        var front = (_context.Balancer?.Frontends ?? []).SelectMany(f => f.Sessions.Select(s => Session(f.Config.Name, s)));
        var all = mysql.Concat(front)
            .Where(s => string.IsNullOrEmpty(text) || Mentions(s, text)).OrderByDescending(s => s.AgeSeconds).ToList();
        return new(all.Count, [.. all.Take(limit)]);
    }

    private static SessionInfo Session(Session session)
    {
        var pins = session.State.Pins;
        var server = session.Working ?? session.Leases.Kept;
        return new(
            $"mysql:{session.Id}", session.Peer.EndPoint?.ToString() ?? "localhost", session.IsAdmitted ? session.Account.Name : null, null,
            server?.Backend.State.Name, StateOf(session, pins), Math.Round(session.Age.TotalSeconds, 1), Math.Round(session.IdleFor.TotalSeconds, 1),
            session.State.Settings.Schema is { Length: > 0 } schema ? schema : null,
            [.. Enum.GetValues<PinReasons>().Where(r => r != PinReasons.None && pins.HasFlag(r)).Select(Word)]);
    }

    private static SessionInfo Session(string frontend, FrontendSession session) => new(
        $"{frontend}:{session.Id}", session.Client?.ToString() ?? "", null, session.Backend, session.Server, session.State,
        Math.Round(session.Age.TotalSeconds, 1), Math.Round(session.IdleFor.TotalSeconds, 1), null, []);

    private static string StateOf(Session session, PinReasons pins) => session switch
    {
        { IsAdmitted: false } => "login",
        { IsStreaming: true } => "streaming",
        { Working: not null } => "working",
        { State.InTransaction: true } => "transaction",
        _ when pins != PinReasons.None => "pinned",
        _ => "idle",
    };

    private static bool Mentions(SessionInfo session, string text) =>
        ((string?[])[session.Id, session.Client, session.User, session.Backend, session.Server, session.State, session.Schema, .. session.Pins])
            .Any(part => part?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);
}
