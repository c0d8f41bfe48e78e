using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Forwarding;
using DbProxy.LoadBalancer.HttpMode.Hosting;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>Where clients in http mode come in: Kestrel in front, YARP's forwarder behind, and between them <see cref="HttpPipeline"/>.</summary>
public sealed class HttpFrontend : IFrontend
{
    private readonly ILogger _logger;
    private readonly ILoggerFactory _loggers;
    private readonly RequestLog _log;
    private readonly TimeProvider _time;
    private readonly ConnectionRoom _room;
    private readonly HttpConnections _connections;
    private readonly ListenerSet<IPEndPoint> _listeners;
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentBag<IDisposable> _former = [];
    private readonly ConcurrentBag<Task> _leaving = [];
    private volatile HttpRules _rules;
    private volatile bool _isLeaving;

    /// <summary>Makes all parts; nothing listens yet.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="http">What only http mode has.</param>
    /// <param name="backends">The backends by name.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="sockets">The process's listening sockets; null: its own.</param>
    /// <param name="owner">Who shares listening sockets with it; null: nobody.</param>
    /// <param name="whole">Room for the connections of all frontends together; null: any number.</param>
    /// <exception cref="BalancerException">A certificate or a cipher suite can't be used.</exception>
    public HttpFrontend(
        FrontendConfig config, HttpConfig http, IReadOnlyDictionary<string, Backend> backends, ILoggerFactory loggers, TimeProvider? time = null,
        ListenSockets? sockets = null, object? owner = null, ConnectionRoom? whole = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(loggers);
        (_time, _loggers, _logger, _room) = (time ?? TimeProvider.System, loggers, loggers.CreateLogger<HttpFrontend>(), new(config.MaxConnections, whole));
        _connections = new(_time);
        config = config with { Http = http };
        _log = new(config.Name, Counters, _logger);
        _listeners = FrontendListeners.Create(config.Name, sockets ?? new(), owner ?? this, _room, _logger, Admit);
        var tls = FrontendReload.Keep(null, null, config, _time);
        var host = NewHost(config, http, tls);
        var parts = new FrontendParts(backends, Counters, FrontendReload.Keep(null, http.RequestRate), host.Forwarder, ServerClient.Create(http.Timeouts, _time), _time);
        _rules = new(config, host, FrontendReload.Keep(null, config.ConnectionRate), tls, parts, new(config, http, parts));
    }

    /// <summary>Its configuration.</summary>
    public FrontendConfig Config => _rules.Config;

    /// <summary>What it did.</summary>
    public FrontendCounters Counters { get; } = new();

    /// <summary>Where it listens, with the ports that the system chose.</summary>
    public IEnumerable<IPEndPoint> EndPoints => _listeners.EndPoints.Cast<IPEndPoint>();

    /// <summary>The certificates in use; empty without TLS.</summary>
    public IEnumerable<(string Source, string Subject, DateTimeOffset NotAfter)> Certificates => 
        _rules.Tls?.InUse.Select(c => (c.Source, c.Subject, c.NotAfter)) ?? [];

    /// <inheritdoc/>
    public IEnumerable<FrontendSession> Sessions => _connections.All;

    /// <inheritdoc/>
    public bool Close(long session) => _connections.Close(session);

    /// <inheritdoc/>
    public async Task<IPreparedChange> PrepareStartAsync()
    {
        // First, for it goes with this frontend; what listeners hold on to goes only with what they return.
        await _rules.Host.StartAsync();
        var listeners = _listeners.Prepare(Config.Listen);
        return new PreparedChange(
            () =>
            {
                _rules.Tls?.Watch(_logger, _time);
                listeners.Commit();
            },
            async () => await listeners.DisposeAsync());
    }

    /// <inheritdoc/>
    public async Task<IPreparedChange> PrepareAsync(FrontendConfig config, IReadOnlyDictionary<string, Backend> backends)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (before, http) = (_rules, config.Http ?? throw new ArgumentException("It is not in http mode.", nameof(config)));
        var tls = FrontendReload.Keep(before.Tls, before.Config.Tls, config, _time);
        var host = Structure.Same(before.Host.Shape, HostShape.Of(config, http)) ? before.Host : NewHost(config, http, tls);
        IPreparedChange listeners;
        try
        {
            if (host != before.Host)
                await host.StartAsync();
            listeners = _listeners.Prepare(config.Listen);
        }
        catch
        {
            if (host != before.Host)
                await host.DisposeAsync();
            throw;
        }
        config = config with { Access = FrontendReload.Keep(before.Config.Access, config.Access) };
        var parts = before.Parts with
        {
            Backends = backends,
            Requests = FrontendReload.Keep(before.Parts.Requests, http.RequestRate),
            Forwarder = host.Forwarder,
            Client = http.Timeouts == before.Config.Http!.Timeouts ? before.Parts.Client : ServerClient.Create(http.Timeouts, _time),
        };
        var next = new HttpRules(config, host, FrontendReload.Keep(before.Connections, config.ConnectionRate), tls, parts, new(config, http, parts));
        return new PreparedChange(
            () =>
            {
                Take(before, next);
                listeners.Commit();
            },
            async () =>
            {
                foreach (var unused in OwnOf(next).Except(OwnOf(before)))
                    unused.Dispose();
                if (host != before.Host)
                    await host.DisposeAsync();
                await listeners.DisposeAsync();
            });
    }

    /// <inheritdoc/>
    public void LeaveRotation() => _isLeaving = true;

    /// <inheritdoc/>
    public ValueTask StopAcceptingAsync() => _listeners.DisposeAsync();

    /// <summary>Accepts nobody any more, tells clients to go elsewhere with their next request, and waits for the requests that
    /// are there, at the longest until <paramref name="limit"/>; then they are cut.</summary>
    public async Task DrainAsync(CancellationToken limit)
    {
        await _listeners.DisposeAsync();
        using var cut = limit.Register(_cut.Cancel);
        await Task.WhenAll([_rules.Host.DrainAsync(limit), .. _leaving]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await DrainAsync(now.Token);
        await _rules.Host.DisposeAsync();
        _rules.Tls?.Dispose();
        foreach (var part in OwnOf(_rules).Concat(_former))
            part.Dispose();
        _room.Dispose();
        _cut.Dispose();
    }

    private static IEnumerable<IDisposable> OwnOf(HttpRules rules) =>
        new IDisposable?[] { rules.Connections, rules.Parts.Requests, rules.Parts.Client }.OfType<IDisposable>();

    private HttpHost NewHost(FrontendConfig config, HttpConfig http, FrontendTlsStore? tls)
    {
        var gate = new ConnectionGate(() => (_rules.Config, _rules.Connections), Counters, _connections, _room, _time, _logger);
        var host = new HttpHost(HostShape.Of(config, http), http, gate, () => _rules.Tls ?? tls!, _loggers);
        host.Handle(BeginAsync, ServeAsync);
        BadRequests.Observe(host.Services, config.Name, Counters, _logger);
        return host;
    }

    private void Take(HttpRules before, HttpRules next)
    {
        (_rules, _room.Most) = (next, next.Config.MaxConnections);
        // Requests under way may still ask for them.
        foreach (var former in OwnOf(before).Except(OwnOf(next)))
            _former.Add(former);
        if (before.Tls != next.Tls)
        {
            before.Tls?.Dispose();
            next.Tls?.Watch(_logger, _time);
        }
        if (before.Host == next.Host)
            next.Host.Apply(next.Config.Http!);
        else
            _leaving.Add(LeaveAsync(before.Host));
    }

    private async Task LeaveAsync(HttpHost host)
    {
        await host.DrainAsync(_cut.Token);
        await host.DisposeAsync();
    }

    private void Admit(Socket client)
    {
        // The host that refuses has just been replaced.
        for (HttpHost? refused = null; _rules.Host is var host && host != refused; refused = host)
            if (host.TryAdd(client))
                return;
        client.Dispose();
        _room.Leave();
    }

    /// <summary>Surrounds everything that happens to a request, compression too, so that what is counted is what the client gets.</summary>
    private async Task BeginAsync(HttpContext http, RequestDelegate next)
    {
        var config = _rules.Pipeline.Config;
        var exchange = new Exchange(http, config.TrustedProxies, Counters, _time);
        http.Features.Set(exchange);
        Bodies.Count(exchange);
        var connection = http.Features.Get<HttpConnection>();
        connection?.Began(exchange);
        if (_isLeaving)
            connection?.EndAfterRequest();
        try
        {
            await next(http);
        }
        finally
        {
            connection?.Ended(exchange);
            _log.Ended(exchange, config.Log);
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        var (exchange, pipeline) = (http.Features.Get<Exchange>()!, _rules.Pipeline);
        try
        {
            await pipeline.ServeAsync(exchange);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            (exchange.End, exchange.Status) = (EndState.ClientLeft, ForwardFailure.ClientClosedRequest);
        }
        catch (Exception e) when (e is not IOException)
        {
            HttpLog.Defect(_logger, e, Config.Name, http.Request.Path);
            await pipeline.FailAsync(exchange);
        }
    }
}
