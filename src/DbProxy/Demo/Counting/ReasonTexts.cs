using DbProxy.Core.Routing;

namespace DbProxy.Demo.Counting;

/// <summary>The reasons for routes in words that need no manual.</summary>
internal static class ReasonTexts
{
    public static string Of(RouteReason reason) => reason switch
    {
        RouteReason.Replica => "read: any fresh replica",
        RouteReason.ReplicaApplied => "read: replica has own write",
        RouteReason.ReplicaWaits => "read: replica waits for write",
        RouteReason.ReadTransaction => "read-only transaction",
        RouteReason.Write => "no proven read: primary",
        RouteReason.Hint => "hint in a comment",
        RouteReason.AutocommitOff => "autocommit is off: primary",
        RouteReason.NoReplica => "read, no replica: primary",
        RouteReason.NotApplied => "read, replicas late: primary",
        RouteReason.LearnedWrite => "was a write in disguise",
        RouteReason.Held => "in a transaction or pinned",
        RouteReason.Port => "by the listener's role",
        RouteReason.Nowhere => "no server could take it",
        _ => Snake(reason),
    };

    /// <summary>The label that the same thing has in the metrics.</summary>
    public static string Snake(Enum value) =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
