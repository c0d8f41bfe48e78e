namespace DbProxy.Core.Monitoring;

/// <summary>
/// The state machine of one server, as pure functions: <see cref="Succeed"/> and <see cref="Fail"/> take in a probe,
/// the <see cref="RoleElection"/> looks at all servers together, <see cref="Settle"/> draws the conclusions.
/// </summary>
internal static class ServerEvaluator
{
    /// <summary>Takes in a successful probe.</summary>
    internal static ServerModel Succeed(
        ServerModel before, ProbeReading reading, PositionBounds? bounds, MonitorSettings settings)
    {
        var track = before.Track;
        var connected = reading.Channels.Length > 0 && reading.Channels.All(c => c.ReceiverConnected);
        var sourceSeenAt = connected ? reading.Answered : track.SourceSeenAt;
        var own = LagEstimator.OwnReckoning(reading, sourceSeenAt);
        var lag = LagEstimator.Estimate(own, bounds, reading.Asked, reading.Answered);
        var successes = track.Successes + 1;
        var up = before.Health != ServerHealth.Down || successes >= settings.Rise;
        return before with
        {
            Health = up ? ServerHealth.Up : ServerHealth.Down,
            Identity = reading.Identity,
            ReadOnly = reading.ReadOnly,
            Gtids = reading.Gtids,
            LagMilliseconds = lag,
            ReplicationRunning = connected && reading.Channels.All(c => c.ApplierRunning),
            Track = track with
            {
                Failures = 0,
                Failure = null,
                Successes = successes,
                WritableProbes = reading.ReadOnly ? 0 : track.WritableProbes + 1,
                SeenAt = reading.Answered,
                SeenLag = lag,
                SourceSeenAt = sourceSeenAt,
                Channels = reading.Channels,
                ChannelsKnown = reading.ChannelsKnown,
                Caveat = reading.Caveat,
            },
        };
    }

    /// <summary>Takes in a failed probe.</summary>
    /// <param name="before">The server before it.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="now">Monotonic time.</param>
    internal static ServerModel Fail(ServerModel before, ProbeFailure failure, MonitorSettings settings, TimeSpan now)
    {
        var track = before.Track;
        var failures = track.Failures + 1;
        var unseen = track.SeenAt is { } seen ? now - seen : TimeSpan.MaxValue;
        var health = failure.Kind switch
        {
            ProbeFailureKind.Inconclusive => unseen > settings.StateExpiry ? ServerHealth.Unknown : before.Health,
            ProbeFailureKind.Refused => ServerHealth.Down,
            _ => failures >= settings.Fall ? ServerHealth.Down : before.Health,
        };
        return before with
        {
            Health = health,
            LagMilliseconds = track.SeenLag is { } lag ? lag + unseen.TotalMilliseconds : null,
            ReplicationRunning = before.ReplicationRunning && health == ServerHealth.Up,
            Track = track with { Failures = failures, Successes = 0, WritableProbes = 0, Failure = failure },
        };
    }

    /// <summary>Decides rotation, and writes the reason and since when.</summary>
    /// <param name="before">The server as it was settled last.</param>
    /// <param name="now">The server with the newest probe taken in.</param>
    /// <param name="role">Its role by the election.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="utcNow">The time of day.</param>
    internal static ServerModel Settle(
        ServerModel before, ServerModel now, ElectedRole role, MonitorSettings settings, DateTimeOffset utcNow)
    {
        var isReplica = role.Role == ServerRole.Replica && now.Health == ServerHealth.Up;
        var lag = role.Role == ServerRole.Replica ? now.LagMilliseconds : null;
        var stopped = now.Track.Channels.Any(c => !c.ApplierRunning);
        var withinLimit = lag is { } known
            ? settings.Allows(known, now.Track.LaggedOut)
            : settings.MaxLag == Timeout.InfiniteTimeSpan;
        var model = now with
        {
            Role = role.Role,
            LagMilliseconds = lag,
            InRotation = isReplica && !stopped && withinLimit && now.Order.IsReady,
            Track = now.Track with { LaggedOut = isReplica && lag is not null && !withinLimit },
        };
        var same = before.Health == model.Health && before.Role == model.Role && before.InRotation == model.InRotation
            && before.Order.State == model.Order.State;
        var why = StateReason.Of(model, role, settings);
        var caveat = model.Health == ServerHealth.Up ? model.Track.Caveat : "";
        return model with
        {
            Since = same ? before.Since : utcNow,
            Reason = caveat.Length == 0 ? why : $"{why}; {caveat}",
            Track = model.Track with { Why = why },
        };
    }
}
