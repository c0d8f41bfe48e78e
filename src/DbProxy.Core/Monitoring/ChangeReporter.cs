using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Monitoring;

/// <summary>Compares two states and logs what is new. Only differences: a state that stays is said once.</summary>
internal sealed class ChangeReporter(ILogger logger)
{
    internal void Report(ServerState server, ServerModel before, ServerModel after)
    {
        ReportHealth(server.Name, before, after);
        if (before.Order != after.Order && !ReferenceEquals(after.Order, ServerOrder.Removed))
            MonitorLog.Ordered(logger, server.Name, after.Order);
        if (after.Health == ServerHealth.Up && before.Role != after.Role)
            MonitorLog.RoleChanged(logger, server.Name, after.Role, before.Role, after.Track.Why);
        if (before.InRotation && !after.InRotation && after is { Health: ServerHealth.Up, Role: ServerRole.Replica })
            MonitorLog.LeftRotation(logger, server.Name, after.Track.Why);
        if (!before.InRotation && after.InRotation)
            MonitorLog.JoinedRotation(logger, server.Name, after.Track.Why);
        if (after.Track.Caveat.Length > 0 && after.Track.Caveat != before.Track.Caveat)
            MonitorLog.PrivilegeMissing(logger, server.Name, after.Track.Caveat);
    }

    internal void Report(TopologyModel before, TopologyModel after)
    {
        if (after.Primary is { } primary && primary != before.LastPrimary)
            MonitorLog.PrimaryElected(logger, primary.Name, primary.Model.Track.Why);
        if (after.Primary is null && before.Primary is { } lost)
            MonitorLog.PrimaryLost(logger, lost.Name, lost.Model.Track.Why);
        if (after.Warning.Length > 0 && after.Warning != before.Warning)
            MonitorLog.TopologyWarning(logger, after.Warning);
    }

    private void ReportHealth(string server, ServerModel before, ServerModel after)
    {
        if (IsRestart(before, after))
            MonitorLog.Restarted(logger, server, after.StartTime);
        if (after.Health == before.Health)
        {
            if (after.Track.Failure is { Kind: ProbeFailureKind.Inconclusive } failure
                && before.Track.Failure?.Kind != failure.Kind)
                MonitorLog.Inconclusive(logger, server, after.Health, failure.Message);
        }
        else if (after.Health == ServerHealth.Up)
        {
            MonitorLog.Up(logger, server, after.Version, after.Track.Why);
        }
        else
        {
            MonitorLog.Down(logger, server, after.Health, after.Track.Why);
        }
    }

    /// <summary>Start times are computed from whole seconds of uptime: two seconds apart they may still be the
    /// same.</summary>
    internal static bool IsRestart(ServerModel before, ServerModel after) =>
        before.Identity.Flavor != ServerFlavor.Unknown
        && (after.StartTime - before.StartTime > TimeSpan.FromSeconds(2)
            || after.Identity.ServerUuid != before.Identity.ServerUuid);
}
