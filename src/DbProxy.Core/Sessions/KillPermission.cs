using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Whether a user may kill another user's session. Only the servers know (SUPER, CONNECTION_ADMIN, SYSTEM_USER, roles), so
/// one is asked in the plainest way: a connection is opened as the victim, and killed as the one who asks.
/// </summary>
internal static class KillPermission
{
    public static async ValueTask<bool> HasAsync(Session session, Session victim, ProxyContext context)
    {
        ServerState? server = context.Topology.Current.Primary ?? context.Topology.Servers.FirstOrDefault(s => s.Model.Health == ServerHealth.Up);
        if (server is null)
        {
            return false;
        }

        // A victim whose account is locked or gone cannot be asked for; what it runs now is as good.
        ServerConnection? probe = (await QueryKiller.LoginAsync(victim, victim.Pools![server])).Connection;
        ServerConnection? target = probe ?? victim.Working;
        try
        {
            return target is not null && await MayKillAsync(session, target, probe is null);
        }
        finally
        {
            probe?.Dispose();
        }
    }

    private static async ValueTask<bool> MayKillAsync(Session session, ServerConnection target, bool queryOnly)
    {
        LeaseResult lease = await QueryKiller.LoginAsync(session, session.Pools![target.Backend.State]);
        if (lease.Connection is not { } connection)
        {
            return false;
        }

        bool usable = connection.Sandbox is null && await OwnQuery.RunAsync(session, connection, $"KILL {(queryOnly ? "QUERY " : "")}{target.ThreadId}");
        bool may = usable && connection.Tracker.Summary.ErrorCode == 0;
        QueryKiller.GiveBack(connection, usable);
        return may;
    }
}
