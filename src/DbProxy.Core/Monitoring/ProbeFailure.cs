namespace DbProxy.Core.Monitoring;

/// <summary>Why a probe failed; the kind decides how soon the server counts as down.</summary>
internal enum ProbeFailureKind : byte
{
    /// <summary>Nobody listens, or the name doesn't resolve: down at once.</summary>
    Refused,

    /// <summary>No answer in time: the server hangs, or the way to it is cut.</summary>
    TimedOut,

    /// <summary>The connection broke and could not be made again.</summary>
    Lost,

    /// <summary>The server answered with an error that isn't about the monitor itself.</summary>
    Error,

    /// <summary>The server lives but did not let the monitor in (login refused, too many connections): this says
    /// nothing about the server, whose last known state stays valid for a while.</summary>
    Inconclusive,
}

/// <summary>A failed probe.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Message">What happened, for people.</param>
internal sealed record ProbeFailure(ProbeFailureKind Kind, string Message);
