using System.Globalization;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;

namespace DbProxy.Core.Sessions;

/// <summary>How long a session may be idle, as if it were the server's.</summary>
internal static class IdleLimit
{
    /// <summary>The session's own wait_timeout, else the server's for its kind of client; at most <paramref name="most"/>.</summary>
    public static TimeSpan Of(Session session, ProxyContext context, TimeSpan most)
    {
        TimeSpan limit = session.State.Settings.Variables.TryGetValue("wait_timeout", out string? own)
            && long.TryParse(own, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? TimeSpan.FromSeconds(seconds)
            : session.Capabilities.HasFlag(Capabilities.Interactive) ? Server(context).InteractiveTimeout : Server(context).WaitTimeout;
        return limit < most ? limit : most;
    }

    public static ServerIdentity Server(ProxyContext context) => context.Topology.Representative.Model.Identity;
}
