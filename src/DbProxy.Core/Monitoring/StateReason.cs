using System.Globalization;

namespace DbProxy.Core.Monitoring;

/// <summary>Says in a sentence why a server is in its state, and what to do where something can be done.</summary>
internal static class StateReason
{
    /// <summary>Servers explain at length how they will reconnect; the beginning names the error.</summary>
    private const int LongestError = 160;

    internal static string Of(ServerModel model, ElectedRole role, MonitorSettings settings) =>
        model.Order.IsReady ? OfItself(model, role, settings) : $"{model.Order}: {OfItself(model, role, settings)}";

    private static string OfItself(ServerModel model, ElectedRole role, MonitorSettings settings)
    {
        var track = model.Track;
        if (model.Health != ServerHealth.Up)
            return Absent(model, settings);
        var reason = role.Why;
        if (role.Role == ServerRole.Replica)
            reason = Replica(model, settings);
        if (track.Failure is { } failure)
            reason += $"; the last {Times(track.Failures)} failed: {failure.Message}";
        return reason;
    }

    private static string Absent(ServerModel model, MonitorSettings settings) => model.Track switch
    {
        { Failure: { Kind: ProbeFailureKind.Inconclusive } failure } => failure.Message,
        { Failure: { } failure } => $"down after {Times(model.Track.Failures)}: {failure.Message}",
        { Successes: > 0 } => $"answers again, {model.Track.Successes} of {settings.Rise} probes",
        _ => "not probed yet",
    };

    private static string Replica(ServerModel model, MonitorSettings settings)
    {
        var limit = Milliseconds(settings.MaxLag.TotalMilliseconds);
        foreach (var channel in model.Track.Channels)
        {
            if (!channel.ApplierRunning)
                return $"replica of {channel.Source} whose applier (SQL thread) is stopped{Error(channel)}";
        }
        if (model.LagMilliseconds is not { } lag)
            return "replica whose lag is unknown" + Disconnected(model);
        if (model.InRotation || (!model.Order.IsReady && !model.Track.LaggedOut))
            return $"replica, {Milliseconds(lag)} behind{Disconnected(model)}";
        var comeBack = Milliseconds(settings.MaxLag.TotalMilliseconds * settings.LagRecoverFraction);
        return $"replica, {Milliseconds(lag)} behind; the limit is {limit} (back below {comeBack}){Disconnected(model)}";
    }

    private static string Disconnected(ServerModel model)
    {
        foreach (var channel in model.Track.Channels)
        {
            if (!channel.ReceiverConnected)
                return $"; not connected to its source {channel.Source}{Error(channel)}";
        }
        return "";
    }

    private static string Error(ChannelReading channel) => channel.Error.Length switch
    {
        0 => "",
        > LongestError => $": {channel.Error.AsSpan(0, LongestError)}…",
        _ => ": " + channel.Error,
    };

    private static string Times(int count) => count == 1 ? "probe" : $"{count} probes";

    private static string Milliseconds(double value) =>
        value < 10_000
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.0} s");
}
