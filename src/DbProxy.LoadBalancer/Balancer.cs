using System.Collections.Frozen;
using System.Collections.Immutable;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;
using DbProxy.LoadBalancer.TcpMode;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer;

/// <summary>The front end: its frontends, its backends and their checks, from start to drain.</summary>
public sealed class Balancer : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly ImmutableArray<BackendChecker> _checkers;
    private volatile bool _isReady;

    /// <summary>Makes all parts; nothing listens yet.</summary>
    public Balancer(BalancerConfig config, ILoggerFactory loggers, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(loggers);
        time ??= TimeProvider.System;
        _logger = loggers.CreateLogger<Balancer>();
        Backends = config.Backends.ToFrozenDictionary(b => b.Name, b => new Backend(b, time, _logger), StringComparer.Ordinal);
        foreach (var backend in Backends.Values)
            backend.ServerChanged += Report;
        _checkers = [.. Backends.Values.Where(b => b.Config.Check is not null).Select(b => new BackendChecker(b, time))];
        Frontends = [.. config.Frontends.Select(f => (IFrontend)(f.Http is { } http
            ? new HttpFrontend(f, http, Backends, loggers, time)
            : new TcpFrontend(f, Backends, loggers, time)))];
    }

    /// <summary>The frontends in the order of the configuration.</summary>
    public ImmutableArray<IFrontend> Frontends { get; }

    /// <summary>The backends by name.</summary>
    public FrozenDictionary<string, Backend> Backends { get; }

    /// <summary>Whether it accepts clients: from the start of its listeners to the begin of a drain.</summary>
    public bool IsReady => _isReady;

    /// <summary>Starts the checks, then the listeners.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address is in use or not one of this machine.</exception>
    public async Task StartAsync()
    {
        foreach (var checker in _checkers)
            checker.Follow();
        foreach (var frontend in Frontends)
            await frontend.StartAsync();
        _isReady = true;
    }

    /// <summary>Accepts nobody any more and waits for those that are there, at the longest until <paramref name="limit"/>.</summary>
    public Task DrainAsync(CancellationToken limit)
    {
        _isReady = false;
        return Task.WhenAll(Frontends.Select(f => f.DrainAsync(limit)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var frontend in Frontends)
            await frontend.DisposeAsync();
        foreach (var checker in _checkers)
            await checker.DisposeAsync();
        foreach (var backend in Backends.Values)
            backend.Dispose();
    }

    private void Report(Backend backend, Server server)
    {
        var status = server.Status;
        if (status.TakesNew)
            FrontendLog.ServerUp(_logger, backend.Name, server.Name, status.Name, status.Reason);
        else
            FrontendLog.ServerDown(_logger, backend.Name, server.Name, status.Name, status.Reason);
        if (!backend.IsUp)
            FrontendLog.BackendDown(_logger, backend.Name);
    }
}
