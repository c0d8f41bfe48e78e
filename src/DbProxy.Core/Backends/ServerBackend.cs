using System.Collections.Concurrent;
using System.Diagnostics;
using DbProxy.Core.Accounting;
using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Backends;

/// <summary>One server as the data path sees it: its monitored state, every connection to it, and their counters.</summary>
internal sealed class ServerBackend(ServerState state)
{
    private readonly ConcurrentDictionary<ServerConnection, byte> _connections = new();
    private readonly ConnectionCounters _closed = new();
    private long _noWaitUntil;
    private CancellationTokenSource _lost = new();

    public ServerState State { get; } = state;

    /// <summary>All open connections, idle and leased.</summary>
    public IEnumerable<ServerConnection> Connections => _connections.Keys;

    /// <summary>
    /// Called when a session has to wait for a connection: connections that other sessions only hold, in case the next
    /// statement asks back, are then taken from them at once.
    /// </summary>
    public Action Pressed { get; set; } = static () => { };

    /// <summary>Cancelled when the server next goes down: connections being opened must not wait for it.</summary>
    public CancellationToken Lost => Volatile.Read(ref _lost).Token;

    /// <summary>Whether no connection to it is open.</summary>
    public bool IsEmpty => _connections.IsEmpty;

    /// <summary>Whether its connections were cut since it went down; the sweep's.</summary>
    public bool IsCut { get; set; }

    /// <summary>Connection attempts that failed since the start.</summary>
    public long ConnectFailures;

    /// <summary>
    /// Whether waiting for a transaction here is worth trying. After a wait in vain it is not for a while: the replica
    /// is further behind than any wait covers, and each try would cost the session the whole wait.
    /// </summary>
    public bool WorthWaiting => Stopwatch.GetTimestamp() >= Volatile.Read(ref _noWaitUntil);

    public void WaitedInVain(TimeSpan pause) =>
        Volatile.Write(ref _noWaitUntil, Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency));

    public void Add(ServerConnection connection)
    {
        _connections.TryAdd(connection, 0);
        State.AcquireConnection();
    }

    public void Forget(ServerConnection connection)
    {
        if (_connections.TryRemove(connection, out _))
        {
            State.ReleaseConnection();
            lock (_closed)
            {
                _closed.Add(connection.Counters);
            }
        }
    }

    /// <summary>Sums the counters of all connections, open and closed.</summary>
    public ConnectionCounters Sum()
    {
        var sum = new ConnectionCounters();
        lock (_closed)
        {
            sum.Add(_closed);
        }

        foreach (ServerConnection connection in Connections)
        {
            sum.Add(connection.Counters);
        }

        return sum;
    }

    /// <summary>Ends what runs and what is idle there: the server hangs or is gone, and waiting sessions must notice.</summary>
    public void AbortAll()
    {
        // Not disposed: connections being opened may still ask for its token.
        Interlocked.Exchange(ref _lost, new()).Cancel();
        foreach (ServerConnection connection in Connections)
        {
            connection.Abort();
        }
    }
}
