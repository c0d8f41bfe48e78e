using System.Collections.Immutable;
using DbProxy.Core.Gtids;

namespace DbProxy.Core.Monitoring;

/// <summary>The servers of one replication group and who is what among them.</summary>
public sealed class Topology
{
    private readonly Lock _lock = new();
    private volatile TopologyModel _current;
    private volatile TaskCompletionSource _change = NewSignal();

    /// <summary>A group of servers that have not been probed yet.</summary>
    /// <exception cref="ArgumentException">Two servers have the same index.</exception>
    public Topology(IEnumerable<ServerState> servers)
    {
        _current = new() { Servers = [.. servers] };
        if (Servers.GroupBy(s => s.Index).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new ArgumentException($"{string.Join(" and ", same)} have the same index.", nameof(servers));
    }

    /// <inheritdoc cref="TopologyModel.Servers"/>
    public ImmutableArray<ServerState> Servers => _current.Servers;

    /// <summary>Who is what now.</summary>
    public TopologyModel Current => _current;

    /// <summary>The server whose kind and limits stand for all: the primary, else the first one that was ever reached.</summary>
    public ServerState Representative
    {
        get
        {
            var current = _current;
            return current.Primary ?? current.Servers.FirstOrDefault(s => s.Model.Flavor != ServerFlavor.Unknown) ?? current.Servers[0];
        }
    }

    /// <summary>
    /// Completes at the next change of <see cref="Current"/> after this call. To wait for a condition without missing a
    /// change: call this first, check the condition, then await.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _change.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Whether every configured server is known to have applied the token, so that no read needs to wait for it any
    /// more. Servers that are down count as well: they may come back where they stopped.
    /// </summary>
    public bool HasAppliedEverywhere(GtidToken token)
    {
        foreach (var server in Servers)
        {
            if (!server.HasApplied(token))
                return false;
        }
        return true;
    }

    /// <summary>Runs a change of models and roles alone, then publishes the result if it differs.</summary>
    internal TopologyModel Update(Func<TopologyModel, TopologyModel> change)
    {
        lock (_lock)
        {
            var before = _current;
            var after = change(before);
            if (ReferenceEquals(before, after))
                return before;
            _current = after = after with { Version = before.Version + 1 };
            var signal = _change;
            _change = NewSignal();
            signal.SetResult();
            return after;
        }
    }

    // Continuations must not run inside the lock, nor on the monitor's thread.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
