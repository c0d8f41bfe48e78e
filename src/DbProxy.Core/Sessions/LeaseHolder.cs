using System.Diagnostics;
using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// The connections that a session has beyond one statement. The <em>kept</em> one is the session's own: a transaction or
/// a pin lives on it. The <em>held</em> one is only not given back yet, because the next statement may ask for what the
/// last one left there (insert id, warnings, row counts); the sweep may take it away after a while.
/// </summary>
internal sealed class LeaseHolder(Session session)
{
    // Long enough for a client to ask for the warnings of its last statement, short for those who wait.
    private static readonly TimeSpan UnderPressure = TimeSpan.FromMilliseconds(50);

    // A person who reads that there were warnings asks for them within that time.
    private static readonly TimeSpan WithWarnings = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ServerConnection? _held;
    private ServerConnection? _last;
    private long _heldSince;
    private bool _hasWarnings;
    private Task _reclaim = Task.CompletedTask;

    /// <summary>The connection of the session's transaction or pin.</summary>
    public ServerConnection? Kept { get; private set; }

    /// <summary>The connection used by the last statement, whether the session still has it or not.</summary>
    public ServerConnection? Last
    {
        get => Volatile.Read(ref _last);
        private set => Volatile.Write(ref _last, value);
    }

    /// <summary>Whether the held connection has warnings that its client was told of.</summary>
    public bool HoldsWarnings => _held is not null && _hasWarnings;

    /// <summary>What ROW_COUNT() and FOUND_ROWS() are behind the last statement.</summary>
    public LastCounts Counts { get; } = new();

    public void Keep(ServerConnection connection) => Kept = Last = connection;

    /// <summary>The connection for a statement: the kept one, the held one where it fits, else one of the pool of the route's server.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="stays">Whether it leaves the warnings of the one before as they are, and so runs where they are.</param>
    public ValueTask<LeaseResult> LeaseAsync(Statement statement, Route route, bool stays = false)
    {
        if (Kept is { } kept)
        {
            return new(kept);
        }

        // What the last statement left is asked for where it ran; a statement that also writes goes to the primary only.
        bool anywhere = stays || (statement.HasAny(StatementRelay.AfterLast) && statement.Kind is StatementKind.Select or StatementKind.Show or StatementKind.GetDiagnostics);
        if (TakeHeld(anywhere ? null : route.Server) is { } held)
        {
            return new(held);
        }

        DropHeld();
        if (anywhere && Last is { } last && last.Pool.TryRentAgain(last, session))
        {
            return new(last);
        }

        return session.Pools![route.Server!].RentAsync(session);
    }

    /// <summary>Ends what the session has on servers; false when that failed and state may be lost.</summary>
    public async ValueTask<bool> ReleaseAsync()
    {
        await InsertIdKnown;
        Counts.Reset();
        DropAll();
        if (Release() is not { } kept)
        {
            return true;
        }

        if (session.State.Pins.HasFlag(PinReasons.Xa))
        {
            // After COM_RESET_CONNECTION MariaDB 10.11 says OK to another session's XA COMMIT and has lost the rows.
            kept.Pool.Discard(kept);
            return true;
        }

        // One of an expired password was opened beside the pool's rules, with a password that is no longer the account's. And
        // a reset leaves the server's list of replicas as it is.
        if (!kept.IsClosed && (session.State.Pins & (PinReasons.ExpiredPassword | PinReasons.Replica)) == 0 && await ServerConnector.ResetAsync(kept))
        {
            kept.Pool.Return(kept);
            return true;
        }

        kept.Pool.Discard(kept);
        return false;
    }

    /// <summary>Gives the kept connection up to the caller.</summary>
    public ServerConnection? Release()
    {
        ServerConnection? kept = Kept;
        Kept = null;
        return kept;
    }

    /// <summary>Keeps <paramref name="connection"/> for what the next statement may ask of it.</summary>
    /// <param name="connection">Where the last statement ran.</param>
    /// <param name="hasWarnings">Whether the client was told of warnings, which are only there; null: that is as it was.</param>
    public void Hold(ServerConnection connection, bool? hasWarnings)
    {
        Last = connection;
        connection.LastUsedAt = Stopwatch.GetTimestamp();
        ServerConnection? older;
        lock (_lock)
        {
            older = _held;
            _held = connection;
            _hasWarnings = hasWarnings ?? _hasWarnings;
            _heldSince = connection.LastUsedAt = Stopwatch.GetTimestamp();
            if (older is not null)
            {
                _reclaim = GiveBackAsync(older, _reclaim);
            }
        }
    }

    /// <summary>
    /// Takes the held connection if it fits. Where other sessions wait for one, or it is outdated, a statement that asks nothing back
    /// does without it: busy sessions would else never let go of theirs.
    /// </summary>
    /// <param name="wanted">The server to go to; null: wherever the last statement ran, because this one asks back.</param>
    public ServerConnection? TakeHeld(ServerState? wanted)
    {
        if (_held is null)
        {
            return null;
        }

        lock (_lock)
        {
            ServerConnection? held = _held;
            // Held for its insert id only, it is not where the last statement ran.
            if (held is null || held.IsClosed || (wanted is null ? held != Last : held.Backend.State != wanted))
            {
                return null;
            }

            _held = null;
            if (!ConnectionPool.IsAlive(held))
            {
                Lose(held);
                return null;
            }

            if (wanted is not null && (held.Pool.HasWaiters || held.Pool.Account.IsOutdated(held)))
            {
                _reclaim = GiveBackAsync(held, _reclaim);
                return null;
            }

            return held;
        }
    }

    /// <summary>Gives a held connection back, unless the session's insert id is to be found there only.</summary>
    public void DropHeld()
    {
        if (_held is null)
        {
            return;
        }

        ServerConnection? held = null;
        lock (_lock)
        {
            if (_held is not null && _held.InsertIdSession != session.Id)
            {
                held = _held;
                _held = null;
            }
        }

        held?.Pool.Return(held);
    }

    /// <summary>Gives a connection back that is not held; its insert id is read first where it is the session's.</summary>
    public void GiveBack(ServerConnection connection)
    {
        if (connection.InsertIdSession != session.Id)
        {
            connection.Pool.Return(connection);
            return;
        }

        lock (_lock)
        {
            _reclaim = GiveBackAsync(connection, _reclaim);
        }
    }

    /// <summary>
    /// Ends a connection that is of no use any more. An insert id that was only there is lost; what the client was told of
    /// it is the next best, and the same but behind a row with a chosen id. The id before it would be a wrong one.
    /// </summary>
    public void Lose(ServerConnection connection)
    {
        if (connection.InsertIdSession == session.Id)
        {
            lock (_lock)
            {
                _reclaim = TakeReportedAsync(connection.ReportedInsertId, _reclaim);
            }
        }

        connection.Pool.Discard(connection);
    }

    private async Task TakeReportedAsync(ulong reported, Task before)
    {
        await before;
        if (reported != 0)
        {
            session.State.LastInsertId = reported;
        }
    }

    /// <summary>Called by the sweep: gives a connection back that has been held too long, or that others wait for.</summary>
    public bool Reclaim(TimeSpan limit)
    {
        if (_held is null)
        {
            return false;
        }

        lock (_lock)
        {
            TimeSpan longer = _hasWarnings && limit > TimeSpan.Zero && limit < WithWarnings ? WithWarnings : limit;
            if (_held is null || Stopwatch.GetElapsedTime(_heldSince) < (_held.Pool.HasWaiters ? UnderPressure : longer))
            {
                return false;
            }

            ServerConnection held = _held;
            _held = null;
            _reclaim = GiveBackAsync(held, _reclaim);
            return true;
        }
    }

    /// <summary>Completes when an insert id under way has arrived in the session's state.</summary>
    public Task InsertIdKnown
    {
        get
        {
            lock (_lock)
            {
                return _reclaim;
            }
        }
    }

    public void GaveBack(ServerConnection connection) => Last = connection;

    /// <summary>Others have used it since, and what the session's last statement left there is gone.</summary>
    public void ForgetLast(ServerConnection connection)
    {
        if (Last == connection)
        {
            Interlocked.CompareExchange(ref _last, null, connection);
        }
    }

    /// <summary>At the session's end.</summary>
    public void DropAll()
    {
        ServerConnection? held;
        lock (_lock)
        {
            held = _held;
            _held = null;
        }

        if (held is not null)
        {
            // Not under the lock: whoever waits for a connection runs inside.
            held.InsertIdSession = 0;
            held.Pool.Return(held);
        }
    }

    /// <summary>Reads the session's insert id off a connection before others may change it.</summary>
    /// <param name="connection">A connection that was held.</param>
    /// <param name="before">The one before it: its insert id is the older one and must not come in last.</param>
    private async Task GiveBackAsync(ServerConnection connection, Task before)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await before;
        if (connection.InsertIdSession != session.Id)
        {
            connection.Pool.Return(connection);
            return;
        }

        bool read = await OwnQuery.RunAsync(session, connection, "SELECT LAST_INSERT_ID()");

        // What else the last statement left there, this query has wiped out. The session may be at its next one by now.
        ForgetLast(connection);
        connection.LastSession = 0;
        if (!read || !TryReadNumber(connection.Tracker.Summary.FirstRow, out ulong id))
        {
            await TakeReportedAsync(connection.ReportedInsertId, Task.CompletedTask);
            connection.Pool.Discard(connection);
            return;
        }

        InsertIds.Take(id, connection, session.State);
        connection.Pool.Return(connection);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> row, out ulong number)
    {
        number = 0;
        return !row.IsEmpty && ulong.TryParse(row[1..], out number);
    }
}
