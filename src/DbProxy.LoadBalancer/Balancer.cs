using System.Collections.Frozen;
using System.Collections.Immutable;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Reloading;
using DbProxy.LoadBalancer.Servers;
using DbProxy.LoadBalancer.TcpMode;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer;

/// <summary>The front end: its frontends, its backends and their checks, from start to drain.</summary>
public sealed class Balancer : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly ListenSockets _sockets;
    private readonly ConnectionRoom _whole;
    private readonly SemaphoreSlim _changing = new(1);
    private readonly CancellationTokenSource _cut = new();
    private readonly Dictionary<string, BackendChecker> _checkers = new(StringComparer.Ordinal);
    private volatile FrozenDictionary<string, Backend> _backends;
    private ImmutableArray<IFrontend> _frontends;
    private ImmutableArray<Task> _leaving = [];
    private volatile bool _isReady;

    /// <summary>Makes all parts; nothing listens yet.</summary>
    /// <param name="config">What there is to balance; may be nothing.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="sockets">The process's listening sockets; null: its own.</param>
    /// <exception cref="BalancerException">A certificate or a cipher suite can't be used.</exception>
    public Balancer(BalancerConfig config, ILoggerFactory loggers, TimeProvider? time = null, ListenSockets? sockets = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(loggers);
        (_loggers, _logger, _time, _sockets) = (loggers, loggers.CreateLogger<Balancer>(), time ?? TimeProvider.System, sockets ?? new());
        RequireDifferentAddresses(config);
        _whole = new(config.MaxConnections);
        _backends = config.Backends.ToFrozenDictionary(b => b.Name, NewBackend, StringComparer.Ordinal);
        _frontends = [.. config.Frontends.Select(f => NewFrontend(f, _backends))];
    }

    /// <summary>The frontends in the order of the configuration.</summary>
    public ImmutableArray<IFrontend> Frontends => _frontends;

    /// <summary>The backends by name.</summary>
    public FrozenDictionary<string, Backend> Backends => _backends;

    /// <summary>Whether it accepts clients: from the start of its listeners to the begin of a drain.</summary>
    public bool IsReady => _isReady;

    /// <summary>Starts the checks, then the listeners.</summary>
    /// <exception cref="BalancerException">An address is in use or not one of this machine.</exception>
    public async Task StartAsync() => (await PrepareStartAsync()).Commit();

    /// <summary>The part of <see cref="StartAsync"/> that can fail: starts the checks and opens the listeners, which accept when
    /// the change is made.</summary>
    /// <exception cref="BalancerException">As there.</exception>
    public async Task<IPreparedChange> PrepareStartAsync()
    {
        foreach (var backend in _backends.Values)
            Check(backend);
        var start = new ChangeSet();
        try
        {
            foreach (var frontend in _frontends)
                start.Add(await frontend.PrepareStartAsync());
        }
        catch
        {
            await start.DisposeAsync();
            throw;
        }
        start.Add(new PreparedChange(() => _isReady = true));
        return start;
    }

    /// <summary>
    /// Takes another configuration in while it runs. Parts are told apart by their names. What is the same stays as it is, with
    /// its connections, counters and health; what changed changes in place, for whatever comes from then on; listeners,
    /// frontends and servers that are gone end with their last connection. What was changed at run time (a server's
    /// weight, limit, address or state, a server added or removed) stays, unless its value in the configuration is another
    /// than in the former one.
    /// </summary>
    /// <exception cref="BalancerException">A new address can't be listened on, or a file can't be used: nothing has
    /// changed.</exception>
    public async Task ApplyAsync(BalancerConfig config)
    {
        await using var change = await PrepareAsync(config);
        change.Commit();
    }

    /// <summary>The part of <see cref="ApplyAsync"/> that can fail. Until the change is made or disposed no other one begins.</summary>
    /// <exception cref="BalancerException">As there.</exception>
    public async Task<IPreparedChange> PrepareAsync(BalancerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        RequireDifferentAddresses(config);
        await _changing.WaitAsync();
        var change = new ChangeSet();
        try
        {
            var backends = config.Backends.ToFrozenDictionary(b => b.Name, b => _backends.GetValueOrDefault(b.Name) ?? NewBackend(b), StringComparer.Ordinal);
            var links = config.Backends.ToDictionary(b => b.Name, b => backends[b.Name].LinkFor(b), StringComparer.Ordinal);
            change.Add(new PreparedChange(() => Take(config.Backends, backends, links)));
            change.Add(new PreparedChange(() => _whole.Most = config.MaxConnections));
            await PrepareFrontendsAsync(config, backends, change);
            change.Add(new PreparedChange(() => _changing.Release(), () => Task.FromResult(_changing.Release())));
            return change;
        }
        catch
        {
            await change.DisposeAsync();
            _changing.Release();
            throw;
        }
    }

    /// <summary>Is not ready any more, for whoever asks; goes on serving, but asks clients to come on other connections.</summary>
    public void LeaveRotation()
    {
        _isReady = false;
        foreach (var frontend in _frontends)
            frontend.LeaveRotation();
    }

    /// <summary>Accepts nobody any more; connections go on.</summary>
    public async Task StopAcceptingAsync()
    {
        foreach (var frontend in _frontends)
            await frontend.StopAcceptingAsync();
    }

    /// <summary>Accepts nobody any more and waits for those that are there, at the longest until <paramref name="limit"/>.</summary>
    public async Task DrainAsync(CancellationToken limit)
    {
        _isReady = false;
        await _changing.WaitAsync(CancellationToken.None);
        try
        {
            using var cut = limit.Register(_cut.Cancel);
            await Task.WhenAll(_frontends.Select(f => f.DrainAsync(limit)).Concat(_leaving));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await Task.WhenAll(_leaving);
        foreach (var checker in _checkers.Values)
            await checker.DisposeAsync();
        foreach (var backend in _backends.Values)
            backend.Dispose();
        _changing.Dispose();
        _whole.Dispose();
        _cut.Dispose();
    }

    private static void RequireDifferentAddresses(BalancerConfig config)
    {
        foreach (var twice in config.Frontends.SelectMany(f => f.Listen).Where(a => a.Port != 0).GroupBy(a => a).Where(g => g.Count() > 1))
            throw new BalancerException($"{twice.Key} is listened on twice");
    }

    private Backend NewBackend(BackendConfig config)
    {
        var backend = new Backend(config, _time);
        backend.ServerChanged += Report;
        backend.ServerReconfigured += Report;
        return backend;
    }

    private IFrontend NewFrontend(FrontendConfig config, IReadOnlyDictionary<string, Backend> backends) => config.Http is { } http
        ? new HttpFrontend(config, http, backends, _loggers, _time, _sockets, this, _whole)
        : new TcpFrontend(config, backends, _loggers, _time, _sockets, this, _whole);

    private async Task PrepareFrontendsAsync(BalancerConfig config, IReadOnlyDictionary<string, Backend> backends, ChangeSet change)
    {
        var next = ImmutableArray.CreateBuilder<IFrontend>();
        foreach (var wanted in config.Frontends)
        {
            if (_frontends.FirstOrDefault(f => f.Config.Name == wanted.Name && f.Config.Http is null == wanted.Http is null) is { } known)
            {
                change.Add(await known.PrepareAsync(wanted, backends));
                next.Add(known);
                continue;
            }
            var added = NewFrontend(wanted, backends);
            change.Add(new PreparedChange(static () => { }, async () => await added.DisposeAsync()));
            change.Add(await added.PrepareStartAsync());
            next.Add(added);
        }
        change.Add(new PreparedChange(() => Take(next.ToImmutable())));
    }

    private void Take(ImmutableArray<BackendConfig> configs, FrozenDictionary<string, Backend> next, Dictionary<string, ServerLink> links)
    {
        foreach (var gone in _backends.Values.Except(next.Values))
        {
            _ = StopCheckingAsync(gone.Name);
            gone.Link.Tls?.Dispose();
        }
        foreach (var config in configs)
        {
            var backend = next[config.Name];
            if (backend.Config.Check != config.Check || backend.Config.Agent != config.Agent)
                _ = StopCheckingAsync(config.Name);
            backend.Apply(config, links[config.Name]);
            Check(backend);
        }
        _backends = next;
    }

    private void Take(ImmutableArray<IFrontend> next)
    {
        var gone = _frontends.RemoveRange(next);
        _frontends = next;
        _leaving = [.. _leaving.Where(l => !l.IsCompleted), .. gone.Select(LeaveAsync)];
    }

    private async Task LeaveAsync(IFrontend frontend)
    {
        await frontend.DrainAsync(_cut.Token);
        await frontend.DisposeAsync();
    }

    private void Check(Backend backend)
    {
        backend.Link.Tls?.Watch(_logger, _time);
        if (backend.Config is { Check: null, Agent: null } || _checkers.ContainsKey(backend.Name))
            return;
        var checker = _checkers[backend.Name] = new(backend, _time);
        checker.Start();
    }

    private async Task StopCheckingAsync(string backend)
    {
        if (_checkers.Remove(backend, out var checker))
            await checker.DisposeAsync();
    }

    private void Report(Backend backend, Server server, ServerConfig before)
    {
        var now = server.Config;
        if (before != now)
            FrontendLog.ServerReconfigured(
                _logger, backend.Name, server.Name, now.Host, now.Port, now.Weight, now.MaxConnections, before.Host, before.Port, before.Weight, before.MaxConnections);
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
