using System.Diagnostics;
using System.Runtime.CompilerServices;
using DbProxy.Core.Configuration;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;

namespace DbProxy.Core.Backends;

/// <summary>
/// The connections of one user to one server. A hit is synchronous: the connection used last comes first, because its
/// state and the server's caches are the warmest. At the limit sessions wait in order; a connection that is given back,
/// or dies, serves the first of them.
/// </summary>
internal sealed class ConnectionPool(ServerBackend backend, UserAccount account, PoolVariant variant, ConfigStore config, IServerConnector connector)
{
    // How far down the idle list a connection in the session's own settings is looked for; beyond it a SET is cheaper.
    private const int Search = 8;

    // A server closes a connection within milliseconds; a busy one may need longer.
    private const int Attempts = 20;
    private static readonly TimeSpan AttemptPause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly List<ServerConnection> _idle = [];
    private readonly Queue<PoolWaiter> _waiters = new();
    private int _open;
    private int _waiting;

    public ServerBackend Backend => backend;

    public UserAccount Account => account;

    public PoolVariant Variant => variant;

    /// <summary>Idle connections now.</summary>
    public int IdleCount { get { lock (_lock) { return _idle.Count; } } }

    /// <summary>Open connections now, idle and leased and being opened.</summary>
    public int OpenCount { get { lock (_lock) { return _open; } } }

    /// <summary>Whether a session waits now; may be out of date by the time it is read.</summary>
    public bool HasWaiters => Volatile.Read(ref _waiting) > 0;

    /// <summary>Sessions waiting now.</summary>
    public int WaiterCount => Volatile.Read(ref _waiting);

    /// <summary>Leases a connection for <paramref name="session"/>.</summary>
    public ValueTask<LeaseResult> RentAsync(Session session)
    {
        PoolWaiter? waiter = null;
        ServerConnection? connection;
        lock (_lock)
        {
            connection = TakeIdle(session.State.Settings);
            if (connection is null && _open >= config.Current.Pool.MaxConnections)
            {
                // At the limit an idle connection in a schema that this session cannot leave makes room for a new one.
                if (_idle.Count > 0)
                {
                    connection = _idle[0];
                    _idle.RemoveAt(0);
                    _open--;
                    connection.Dispose();
                    connection = null;
                    _open++;
                }
                else
                {
                    _waiters.Enqueue(waiter = new());
                }
            }
            else if (connection is null)
            {
                _open++;
            }
        }

        if (connection is not null)
        {
            return IsAlive(connection) ? new(Lease(connection, session)) : AgainAsync(connection, session);
        }

        if (waiter is null)
        {
            return OpenAsync(session);
        }

        return WaitAsync(waiter, session);
    }

    /// <summary>Opens a connection beside the pool, to have the server check user and password.</summary>
    public ValueTask<LeaseResult> LoginAsync(
        StoredCredential credential, SessionSettings settings, ConnectionAttributes attributes, bool handlesExpired = false) =>
        connector.ConnectAsync(this, credential, settings, attributes, handlesExpired);

    /// <summary>Takes a connection opened by <see cref="LoginAsync"/> in as one that a session has, above the limit or not.</summary>
    public void AdoptLeased(ServerConnection connection)
    {
        lock (_lock)
        {
            _open++;
        }
    }

    /// <summary>Takes a connection opened by <see cref="LoginAsync"/> in, if there is room for it.</summary>
    public void Adopt(ServerConnection connection)
    {
        PoolConfig limits = config.Current.Pool;
        bool adopted;
        lock (_lock)
        {
            adopted = _open < limits.MaxConnections && _idle.Count < limits.MaxIdle;
            if (adopted)
            {
                _open++;
            }
        }

        if (adopted)
        {
            Return(connection);
        }
        else
        {
            connection.Dispose();
        }
    }

    /// <summary>Leases this very connection if nobody has used it since <paramref name="session"/> gave it back.</summary>
    public bool TryRentAgain(ServerConnection connection, Session session)
    {
        lock (_lock)
        {
            if (connection.LastSession != session.Id || !_idle.Remove(connection))
            {
                return false;
            }
        }

        Lease(connection, session);
        return true;
    }

    /// <summary>Takes a leased connection back: one in a state that any session of the user can go on from.</summary>
    public void Return(ServerConnection connection)
    {
        if (connection.IsClosed || connection.KillPending || backend.State.IsRemoved || account.IsOutdated(connection))
        {
            Discard(connection);
            return;
        }

        connection.LastUsedAt = Stopwatch.GetTimestamp();
        PoolWaiter? waiter;
        bool keep = true;
        lock (_lock)
        {
            waiter = NextWaiter();
            if (waiter is null)
            {
                keep = _idle.Count < config.Current.Pool.MaxIdle;
                if (keep)
                {
                    _idle.Add(connection);
                }
            }
        }

        if (waiter is not null)
        {
            if (!waiter.TryServe(connection))
            {
                Return(connection);
            }
        }
        else if (!keep)
        {
            Discard(connection);
        }
    }

    /// <summary>Ends a leased connection: broken, or in a state that nobody can use. Its place is free at once.</summary>
    public void Discard(ServerConnection connection)
    {
        connection.Dispose();
        FreePlace();
    }

    /// <summary>Closes idle connections that are too old or idle for too long; called by the sweep.</summary>
    public void CloseStale(PoolConfig limits)
    {
        long now = Stopwatch.GetTimestamp();
        CloseIdle(c => Stopwatch.GetElapsedTime(c.LastUsedAt, now) > limits.IdleTimeout
            || Stopwatch.GetElapsedTime(c.CreatedAt, now) > limits.MaxAge
            || c.Channel.HasInput);
    }

    /// <summary>Closes all idle connections: after a changed password, or a server's restart.</summary>
    /// <returns>How many there were.</returns>
    public int CloseAllIdle() => CloseIdle(_ => true);

    /// <summary>Closes idle connections that the server has closed: where one was found so, others are likely to be.</summary>
    public void CloseDead() => CloseIdle(c => c.Channel.HasInput);

    private int CloseIdle(Predicate<ServerConnection> which)
    {
        List<ServerConnection> closing;
        lock (_lock)
        {
            closing = _idle.FindAll(which);
            _idle.RemoveAll(closing.Contains);
        }

        foreach (ServerConnection connection in closing)
        {
            Discard(connection);
        }

        return closing.Count;
    }

    private ServerConnection? TakeIdle(SessionSettings settings)
    {
        int found = -1;
        for (int i = _idle.Count - 1; i >= 0; i--)
        {
            SessionSettings other = _idle[i].Settings;
            if (ReferenceEquals(other, settings))
            {
                found = i;
                break;
            }

            if (found < 0 && SettingsWriter.CanChange(other, settings))
            {
                found = i;
            }

            if (found >= 0 && _idle.Count - i >= Search)
            {
                break;
            }
        }

        if (found < 0)
        {
            return null;
        }

        ServerConnection connection = _idle[found];
        _idle.RemoveAt(found);
        return connection;
    }

    // A server that closed an idle connection said so on the socket. Looking costs a system call, so not where one
    // statement follows the other. A small server restarts within 200 ms.
    internal static bool IsAlive(ServerConnection connection) =>
        Stopwatch.GetElapsedTime(connection.LastUsedAt) < TimeSpan.FromMilliseconds(20) || !connection.Channel.HasInput;

    private ValueTask<LeaseResult> AgainAsync(ServerConnection dead, Session session)
    {
        Discard(dead);
        return RentAsync(session);
    }

    private static LeaseResult Lease(ServerConnection connection, Session session)
    {
        if (connection.LastSession != session.Id)
        {
            session.Leases.ForgetLast(connection);
            connection.LastSession = session.Id;
        }

        return connection;
    }

    private async ValueTask<LeaseResult> OpenAsync(Session session)
    {
        LeaseResult opened = default;
        try
        {
            opened = await ConnectAsync(session);
        }
        finally
        {
            if (opened.Connection is null && !opened.IsServerLimit)
            {
                FreePlace();
            }
        }

        return opened.Connection is { } connection ? Lease(connection, session)
            : opened.IsServerLimit ? await ShareAsync(session, opened)
            : opened;
    }

    private async ValueTask<LeaseResult> ConnectAsync(Session session)
    {
        // Who waited for a place here, or chose the server a moment ago, goes elsewhere.
        if (backend.State.IsRemoved)
        {
            return new(null, LeaseFailure.CannotConnect, new(MySqlErrors.CannotConnect, $"Can't connect to server {backend.State.Name} (it was removed)"));
        }

        LeaseResult opened = await connector.ConnectAsync(this, account.Credential, session.State.Settings, session.ServerAttributes);
        if (opened.Connection is not { Sandbox: { } expired } useless)
        {
            return opened;
        }

        useless.Dispose();
        return new(null, LeaseFailure.Refused, expired);
    }

    /// <summary>
    /// The server allows this user, or altogether, fewer connections than the pool does. A client on a connection of its
    /// own would have been refused, but here the others are its own user's: an idle one serves it, or makes room, and for
    /// one that is in use it waits.
    /// </summary>
    private async ValueTask<LeaseResult> ShareAsync(Session session, LeaseResult refused)
    {
        for (int attempt = 0; ; attempt++)
        {
            bool room = account.CloseIdleOfOthers(this) > 0;
            (ServerConnection? connection, PoolWaiter? waiter, bool closed) = TakeOrQueue(session.State.Settings, attempt == 0, attempt == 0 ? !room : attempt == Attempts);
            if (connection is not null)
            {
                return IsAlive(connection) ? Lease(connection, session) : await AgainAsync(connection, session);
            }

            if (waiter is not null)
            {
                LeaseResult waited = await WaitAsync(waiter, session);
                return waited.Failure == LeaseFailure.Exhausted ? refused : waited;
            }

            if (!(room || closed || attempt > 0) || attempt == Attempts)
            {
                FreePlace();
                return refused;
            }

            // The server takes a moment to notice what was closed.
            await Task.Delay(AttemptPause);
            LeaseResult opened = await ConnectAsync(session);
            if (!opened.IsServerLimit)
            {
                if (opened.Connection is { } another)
                {
                    return Lease(another, session);
                }

                FreePlace();
                return opened;
            }
        }
    }

    /// <summary>Gives up the place of a connection that could not be opened for another one, or for a place in the queue.</summary>
    private (ServerConnection? Taken, PoolWaiter? Queued, bool Closed) TakeOrQueue(SessionSettings settings, bool mayClose, bool mayQueue)
    {
        ServerConnection? victim = null;
        lock (_lock)
        {
            if (TakeIdle(settings) is { } taken)
            {
                _open--;
                return (taken, null, false);
            }

            if (_idle.Count > 0 && mayClose)
            {
                victim = _idle[0];
                _idle.RemoveAt(0);
                _open--;
            }
            else if (_open > 1 && mayQueue)
            {
                _open--;
                var waiter = new PoolWaiter();
                _waiters.Enqueue(waiter);
                return (null, waiter, false);
            }
        }

        victim?.Dispose();
        return (null, null, victim is not null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LeaseResult> WaitAsync(PoolWaiter waiter, Session session)
    {
        Interlocked.Increment(ref _waiting);
        backend.Pressed();
        LeaseResult lease = await waiter.Result;
        Interlocked.Decrement(ref _waiting);
        Interlocked.Add(ref account.WaitTicks, Stopwatch.GetTimestamp() - waiter.Since);
        Interlocked.Increment(ref account.Waits);
        if (lease.Failure != LeaseFailure.None)
        {
            return lease;
        }

        if (lease.Connection is { } connection)
        {
            if (SettingsWriter.CanChange(connection.Settings, session.State.Settings))
            {
                return Lease(connection, session);
            }

            connection.Dispose();
        }

        return await OpenAsync(session);
    }

    /// <summary>Ends the waits that last longer than <paramref name="limit"/>; called by the sweep.</summary>
    public void EndWaits(TimeSpan limit)
    {
        while (HasWaiters)
        {
            PoolWaiter? waiter;
            lock (_lock)
            {
                if (!_waiters.TryPeek(out waiter) || (!waiter.HasEnded && Stopwatch.GetElapsedTime(waiter.Since) < limit))
                {
                    return;
                }

                _waiters.Dequeue();
            }

            waiter.TryRelease(LeaseFailure.Exhausted);
        }
    }

    /// <summary>One connection less: the first waiter may open another in its place.</summary>
    private void FreePlace()
    {
        while (true)
        {
            PoolWaiter? waiter;
            lock (_lock)
            {
                waiter = NextWaiter();
                if (waiter is null)
                {
                    _open--;
                    return;
                }
            }

            if (waiter.TryRelease(LeaseFailure.None))
            {
                return;
            }
        }
    }

    private PoolWaiter? NextWaiter()
    {
        while (_waiters.TryDequeue(out PoolWaiter? waiter))
        {
            if (!waiter.HasEnded)
            {
                return waiter;
            }
        }

        return null;
    }
}
