using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>Where clients in tcp mode come in: listeners, limits, and the sessions that are there.</summary>
internal sealed class TcpFrontend : IFrontend
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(500);

    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<long, TcpSession> _sessions = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<SourceRate> _formerRates = [];
    private readonly ConnectionRoom _room;
    private readonly ListenerSet<IPEndPoint> _listeners;
    private volatile TcpRules _rules;
    private Task _sweeping = Task.CompletedTask;
    private long _lastId;

    /// <exception cref="BalancerException">A certificate can't be used.</exception>
    public TcpFrontend(
        FrontendConfig config, IReadOnlyDictionary<string, Backend> backends, ILoggerFactory loggers, TimeProvider time, ListenSockets sockets, object owner,
        ConnectionRoom? whole = null)
    {
        (_logger, _time, _room) = (loggers.CreateLogger<TcpFrontend>(), time, new(config.MaxConnections, whole));
        _listeners = FrontendListeners.Create(config.Name, sockets, owner, _room, _logger, Admit);
        _rules = new(config, backends, FrontendReload.Keep(null, config.ConnectionRate), FrontendReload.Keep(null, null, config, time));
    }

    public FrontendConfig Config => _rules.Config;

    public FrontendCounters Counters { get; } = new();

    public IEnumerable<(string Source, string Subject, DateTimeOffset NotAfter)> Certificates =>
        _rules.Tls?.InUse.Select(c => (c.Source, c.Subject, c.NotAfter)) ?? [];

    public IEnumerable<IPEndPoint> EndPoints => _listeners.EndPoints.Cast<IPEndPoint>();

    public IEnumerable<FrontendSession> Sessions => _sessions.Values.Select(s => s.Describe());

    public bool Close(long session)
    {
        if (!_sessions.TryGetValue(session, out var found))
            return false;
        found.Close();
        return true;
    }

    public Task<IPreparedChange> PrepareStartAsync()
    {
        var listeners = _listeners.Prepare(Config.Listen);
        return Task.FromResult<IPreparedChange>(new PreparedChange(
            () =>
            {
                _rules.Tls?.Watch(_logger, _time);
                _sweeping = SweepAsync();
                listeners.Commit();
            },
            async () => await listeners.DisposeAsync()));
    }

    public Task<IPreparedChange> PrepareAsync(FrontendConfig config, IReadOnlyDictionary<string, Backend> backends)
    {
        var before = _rules;
        var tls = FrontendReload.Keep(before.Tls, before.Config.Tls, config, _time);
        var listeners = _listeners.Prepare(config.Listen);
        var rate = FrontendReload.Keep(before.Rate, config.ConnectionRate);
        var next = new TcpRules(config with { Access = FrontendReload.Keep(before.Config.Access, config.Access) }, backends, rate, tls);
        return Task.FromResult<IPreparedChange>(new PreparedChange(
            () =>
            {
                (_rules, _room.Most) = (next, config.MaxConnections);
                Leave(before, next);
                listeners.Commit();
            },
            async () =>
            {
                if (rate != before.Rate)
                    rate?.Dispose();
                await listeners.DisposeAsync();
            }));
    }

    public void LeaveRotation()
    {
        // What runs over the connections, and where it could end, is unknown here.
    }

    public ValueTask StopAcceptingAsync() => _listeners.DisposeAsync();

    public async Task DrainAsync(CancellationToken limit)
    {
        await _listeners.DisposeAsync();
        while (!_sessions.IsEmpty && !limit.IsCancellationRequested)
            await Task.Delay(20, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var session in _sessions.Values)
            session.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await DrainAsync(now.Token);
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_sessions.IsEmpty)
            await Task.Delay(5);
        _rules.Tls?.Dispose();
        foreach (var former in _formerRates)
            former.Dispose();
        _rules.Rate?.Dispose();
        _room.Dispose();
        _stopping.Dispose();
    }

    /// <summary>A session has ended: counts and logs it.</summary>
    public void Ended(TcpSession session, SessionReport report)
    {
        _sessions.TryRemove(session.Id, out _);
        Interlocked.Decrement(ref Counters.Active);
        _room.Leave();
        FrontendLog.SessionEnded(_logger, Config.Name, report);
    }

    private void Leave(TcpRules before, TcpRules next)
    {
        // Sessions that begin may still ask both.
        if (before.Rate is { } rate && rate != next.Rate)
            _formerRates.Add(rate);
        if (before.Tls == next.Tls)
            return;
        before.Tls?.Dispose();
        next.Tls?.Watch(_logger, _time);
    }

    private void Admit(Socket client)
    {
        Interlocked.Increment(ref Counters.Accepted);
        var active = Interlocked.Increment(ref Counters.Active);
        if (active > Counters.MaxActive)
            Counters.MaxActive = active;
        var session = new TcpSession(this, _rules, client, Interlocked.Increment(ref _lastId));
        _sessions[session.Id] = session;
        // Not as another task: it soon waits, for the server's connection if for nothing before, and to wake a thread for it costs
        // as much as its own work (measured: a tenth of the CPU of a short session).
        _ = session.RunAsync();
    }

    /// <summary>One coarse clock for the idle timeout of all sessions, instead of a timer for each.</summary>
    private async Task SweepAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(SweepInterval, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            foreach (var session in _sessions.Values)
            {
                session.Account();
                if (session.IdleFor > _rules.Config.IdleTimeout)
                    session.Close(RelayEnd.Idle);
            }
        }
    }
}
