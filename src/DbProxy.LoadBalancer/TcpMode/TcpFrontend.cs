using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>Where clients in tcp mode come in: listeners, limits, and the sessions that are there.</summary>
internal sealed class TcpFrontend : IFrontend
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyDictionary<string, Backend> _backends;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<long, TcpSession> _sessions = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _room;
    private ImmutableArray<SocketAcceptor> _acceptors = [];
    private Task _running = Task.CompletedTask;
    private long _lastId;

    public TcpFrontend(FrontendConfig config, IReadOnlyDictionary<string, Backend> backends, ILoggerFactory loggers, TimeProvider time)
    {
        Config = config;
        _backends = backends;
        _logger = loggers.CreateLogger<TcpFrontend>();
        _room = new(config.MaxConnections, config.MaxConnections);
        Rate = config.ConnectionRate is { } limit ? new(limit) : null;
        (Tls, _time) = (config.Tls is { } tls ? new(tls, $"frontend {config.Name}", time) : null, time);
        ReadsServerName = config.Tls is null
            && (config.Routes.Any(r => !r.Match.Hosts.IsEmpty) || config.Access.Any(r => !r.Match.Hosts.IsEmpty));
    }

    public FrontendConfig Config { get; }

    public FrontendCounters Counters { get; } = new();

    public SourceRate? Rate { get; }

    /// <summary>The certificates where TLS ends here; null: it passes through, or there is none.</summary>
    public FrontendTlsStore? Tls { get; }

    public IEnumerable<(string Source, string Subject, DateTimeOffset NotAfter)> Certificates =>
        Tls?.InUse.Select(c => (c.Source, c.Subject, c.NotAfter)) ?? [];

    /// <summary>Whether a rule asks for the name in the ClientHello, which must then come first.</summary>
    public bool ReadsServerName { get; }

    public IEnumerable<IPEndPoint> EndPoints => _acceptors.Select(a => (IPEndPoint)a.EndPoint);

    public Task StartAsync()
    {
        var acceptors = ImmutableArray.CreateBuilder<SocketAcceptor>();
        try
        {
            foreach (var address in Config.Listen)
                acceptors.Add(new(SocketAcceptor.Bind(address), (pause, why) => FrontendLog.AcceptPaused(_logger, Config.Name, pause, why)));
        }
        catch
        {
            foreach (var open in acceptors)
                open.Dispose();
            throw;
        }
        _acceptors = acceptors.ToImmutable();
        if (Tls is not null)
            _ = Task.Run(() => new CertificateWatch(Tls, _time, _logger).RunAsync(_stopping.Token));
        _running = Task.WhenAll([SweepAsync(), .. _acceptors.Select(a => Task.Run(() => a.RunAsync(Admit, () => _room.WaitAsync(_stopping.Token))))]);
        foreach (var acceptor in _acceptors)
            FrontendLog.Listening(_logger, Config.Name, acceptor.EndPoint.ToString()!);
        return Task.CompletedTask;
    }

    public async Task DrainAsync(CancellationToken limit)
    {
        foreach (var acceptor in _acceptors)
            acceptor.Dispose();
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
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_sessions.IsEmpty)
            await Task.Delay(5);
        Rate?.Dispose();
        _room.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The backend of the first route that matches, else the default one.</summary>
    public Backend? RouteOf(IRequestFacts facts)
    {
        var name = Config.Routes.FirstOrDefault(r => r.Match.Holds(facts))?.Backend ?? Config.Backend;
        return name is null ? null : _backends.GetValueOrDefault(name);
    }

    /// <summary>A session has ended: counts and logs it.</summary>
    public void Ended(TcpSession session, SessionReport report)
    {
        _sessions.TryRemove(session.Id, out _);
        Interlocked.Decrement(ref Counters.Active);
        Interlocked.Add(ref Counters.BytesIn, report.BytesIn);
        Interlocked.Add(ref Counters.BytesOut, report.BytesOut);
        _room.Release();
        FrontendLog.SessionEnded(_logger, Config.Name, report);
    }

    private void Admit(Socket client)
    {
        Interlocked.Increment(ref Counters.Accepted);
        var active = Interlocked.Increment(ref Counters.Active);
        if (active > Counters.MaxActive)
            Counters.MaxActive = active;
        var session = new TcpSession(this, client, Interlocked.Increment(ref _lastId));
        _sessions[session.Id] = session;
        _ = Task.Run(session.RunAsync);
    }

    /// <summary>One coarse clock for the idle timeout of all sessions, instead of a timer for each.</summary>
    private async Task SweepAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(SweepInterval, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            foreach (var session in _sessions.Values)
                if (session.IdleFor > Config.IdleTimeout)
                    session.Close(RelayEnd.Idle);
        }
    }
}
