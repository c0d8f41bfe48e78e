using System.Collections.Concurrent;
using System.Net;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Forwarding;
using DbProxy.LoadBalancer.HttpMode.Hosting;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>Where clients in http mode come in: Kestrel in front, YARP's forwarder behind, and between them <see cref="HttpPipeline"/>.</summary>
public sealed class HttpFrontend : IFrontend
{
    private readonly ILogger _logger;
    private readonly RequestLog _log;
    private readonly TimeProvider _time;
    private readonly SourceRate? _connections;
    private readonly FrontendTlsStore? _certificates;
    private readonly WebApplication _application;
    private readonly BoundedListeners _listeners;
    private readonly ConcurrentBag<SourceRate> _formerRates = [];
    private readonly CancellationTokenSource _disposed = new();
    private FrontendParts _parts;
    private volatile HttpPipeline _pipeline;

    /// <summary>Makes all parts; nothing listens yet.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate can't be used.</exception>
    /// <exception cref="IOException">A certificate's file can't be read.</exception>
    /// <exception cref="ArgumentException">A cipher suite is unknown.</exception>
    public HttpFrontend(
        FrontendConfig config, HttpConfig http, IReadOnlyDictionary<string, Backend> backends, ILoggerFactory loggers, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(loggers);
        (Config, _time, _logger) = (config, time ?? TimeProvider.System, loggers.CreateLogger<HttpFrontend>());
        _log = new(config.Name, Counters, _logger);
        _connections = config.ConnectionRate is { } limit ? new(limit) : null;
        _certificates = config.Tls is { } tls ? new(tls, $"frontend {config.Name}", _time) : null;
        (_application, _listeners) = HttpHost.Build(config, http, loggers, listeners => new(config, Counters, _connections, listeners, _time), _certificates);
        _parts = new(
            backends, Counters, http.RequestRate is { } rate ? new(rate) : null,
            _application.Services.GetRequiredService<IHttpForwarder>(), ServerClient.Create(http.Timeouts, _time), _time);
        _pipeline = new(config, http, _parts);
        HttpHost.Handle(_application, http, BeginAsync, ServeAsync);
        BadRequests.Observe(_application.Services, config.Name, Counters, _logger);
    }

    /// <summary>Its configuration.</summary>
    public FrontendConfig Config { get; private set; }

    /// <summary>What it did.</summary>
    public FrontendCounters Counters { get; } = new();

    /// <summary>Where it listens, with the ports that the system chose.</summary>
    public IEnumerable<IPEndPoint> EndPoints => _listeners.EndPoints;

    /// <summary>The certificates in use; empty without TLS.</summary>
    public IEnumerable<(string Source, string Subject, DateTimeOffset NotAfter)> Certificates =>
        _certificates?.InUse.Select(c => (c.Source, c.Subject, c.NotAfter)) ?? [];

    /// <summary>Starts to accept.</summary>
    /// <exception cref="IOException">An address is in use.</exception>
    public async Task StartAsync()
    {
        await _application.StartAsync();
        if (_certificates is not null)
            _ = Task.Run(() => new CertificateWatch(_certificates, _time, _logger).RunAsync(_disposed.Token));
        foreach (var address in EndPoints)
            HttpLog.Listening(_logger, Config.Name, address.ToString());
    }

    /// <summary>
    /// Takes other rules, routes, headers, answers, pages, cookies and rates for requests that come from now on; no
    /// connection is closed. Addresses, TLS, limits, timeouts and compression belong to the listener: they need a new frontend.
    /// </summary>
    public void Apply(FrontendConfig config, HttpConfig http, IReadOnlyDictionary<string, Backend> backends)
    {
        ArgumentNullException.ThrowIfNull(http);
        var before = _parts;
        var requests = http.RequestRate == before.Requests?.Config ? before.Requests : http.RequestRate is { } rate ? new(rate) : null;
        // Requests under way may still ask it.
        if (before.Requests is { } former && former != requests)
            _formerRates.Add(former);
        _parts = before with { Backends = backends, Requests = requests };
        (Config, _pipeline) = (config, new(config, http, _parts));
    }

    /// <summary>Accepts nobody any more, tells clients to go elsewhere with their next request, and waits for the requests that
    /// are there, at the longest until <paramref name="limit"/>; then they are cut.</summary>
    public Task DrainAsync(CancellationToken limit) => _application.StopAsync(limit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await DrainAsync(now.Token);
        await _application.DisposeAsync();
        await _disposed.CancelAsync();
        _parts.Client.Dispose();
        _parts.Requests?.Dispose();
        foreach (var former in _formerRates)
            former.Dispose();
        _connections?.Dispose();
        _listeners.Dispose();
    }

    /// <summary>Surrounds everything that happens to a request, compression too, so that what is counted is what the client gets.</summary>
    private async Task BeginAsync(HttpContext http, RequestDelegate next)
    {
        var config = _pipeline.Config;
        var exchange = new Exchange(http, config.TrustedProxies, _time);
        http.Features.Set(exchange);
        Bodies.Count(exchange);
        try
        {
            await next(http);
        }
        finally
        {
            _log.Ended(exchange, config.Log);
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        var (exchange, pipeline) = (http.Features.Get<Exchange>()!, _pipeline);
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
