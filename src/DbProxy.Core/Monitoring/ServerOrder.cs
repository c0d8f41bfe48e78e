using DbProxy.LoadBalancer.Servers;

namespace DbProxy.Core.Monitoring;

/// <summary>What an operator wants of a server, whatever its health and role.</summary>
/// <param name="State">
/// Ready: it works as its state allows. Drain: it gets no new statements; transactions and pinned sessions that are there go
/// on. Maint: as if it were down: what runs there is cut. Either way it goes on being watched, and while it is the primary
/// there is none.
/// </param>
/// <param name="Reason">Why, for logs, statistics and clients.</param>
public sealed record ServerOrder(AdminState State, string Reason)
{
    /// <summary>Nothing in particular.</summary>
    public static readonly ServerOrder Ready = new(AdminState.Ready, "");

    /// <summary>What a server has that was removed, for as long as something runs there.</summary>
    public static readonly ServerOrder Removed = new(AdminState.Drain, "removed");

    /// <summary>Whether it may get something new.</summary>
    public bool IsReady => State == AdminState.Ready;

    /// <summary>In words: <c>drain (new kernel)</c>.</summary>
    public override string ToString() => Reason.Length == 0 ? State.ToString().ToLowerInvariant() : $"{State.ToString().ToLowerInvariant()} ({Reason})";
}
