namespace DbProxy.Core.Monitoring;

/// <summary>
/// A replica's lag from two sources. The primary's position history gives bounds that depend on no server's clock, as
/// far apart as two probes. The replica's own reckoning (MySQL: commit timestamps in microseconds; MariaDB: whole
/// seconds) is finer or coarser, but compares two hosts' clocks and does not know what has not been received: it counts
/// only within the bounds. Alone it counts for what happened before this proxy started, without GTIDs, and without a primary.
/// </summary>
internal static class LagEstimator
{
    /// <param name="own">The replica's own reckoning in milliseconds, or null.</param>
    /// <param name="bounds">Its position in the primary's history, or null.</param>
    /// <param name="asked">Monotonic time before the replica was asked.</param>
    /// <param name="answered">Monotonic time after.</param>
    /// <returns>Milliseconds, or null when nobody knows.</returns>
    internal static double? Estimate(double? own, PositionBounds? bounds, TimeSpan asked, TimeSpan answered)
    {
        if (bounds is not { } known)
            return own;
        var least = known.Missing is { } missing ? Math.Max(0, (asked - missing).TotalMilliseconds) : 0;
        var most = known.Complete is { } complete
            ? Math.Max(least, (answered - complete).TotalMilliseconds)
            : double.PositiveInfinity;
        if (own is { } value)
            return Math.Clamp(value, least, most);
        if (!double.IsInfinity(most))
            return most;
        return known.Missing is null ? null : least;
    }

    /// <summary>
    /// The replica's own reckoning over its channels. A channel that lost its source applies all it has and calls that
    /// no lag: what it doesn't know of can be as old as its last contact, so that age counts.
    /// </summary>
    internal static double? OwnReckoning(ProbeReading reading, TimeSpan? sourceSeenAt)
    {
        double? lag = null;
        var connected = true;
        foreach (var channel in reading.Channels)
        {
            connected &= channel.ReceiverConnected;
            if (channel.LagMilliseconds is { } own)
                lag = Math.Max(lag ?? 0, own);
        }
        if (connected)
            return lag;
        return sourceSeenAt is { } seen ? Math.Max(lag ?? 0, (reading.Answered - seen).TotalMilliseconds) : null;
    }
}
