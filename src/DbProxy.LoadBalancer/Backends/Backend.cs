using System.Collections.Immutable;
using System.Security.Cryptography;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>
/// A group of servers: chooses one for each session, keeps their connection limits, and queues, first come first
/// served, what is beyond them.
/// </summary>
public sealed class Backend : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly LeaseQueue _queue = new();
    private volatile IBalancingPolicy _policy;
    private volatile BackendConfig _config;
    private volatile ServerLink _link;
    private ImmutableArray<Server> _servers;
    private int _active;

    /// <summary>A backend whose servers count as up until somebody checks them.</summary>
    /// <exception cref="BalancerException">A file of its TLS settings can't be used.</exception>
    public Backend(BackendConfig config, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        _time = time ?? TimeProvider.System;
        _config = config;
        _link = new(config.SendProxy, TlsOf(config));
        _policy = BalancingPolicies.Create(config.Balance);
        _servers = [.. config.Servers.Select(Make)];
    }

    /// <summary>The configuration. What was changed at run time is in the servers' own.</summary>
    public BackendConfig Config => _config;

    /// <summary>What connections to the servers begin with.</summary>
    internal ServerLink Link => _link;

    /// <summary>The name in logs and metrics.</summary>
    public string Name => _config.Name;

    /// <summary>The servers in their order.</summary>
    public ImmutableArray<Server> Servers => _servers;

    /// <summary>How many sessions wait for a server.</summary>
    public int Queued => _queue.Count;

    /// <summary>The most that ever waited at a time.</summary>
    public int MaxQueued => _queue.Most;

    /// <summary>Sessions that servers have now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The most at a time.</summary>
    public int MaxActive;

    /// <summary>Sessions given to servers since the start; one that was tried again counts again.</summary>
    public long Sessions;

    /// <summary>Sessions that were refused for want of a server or of patience.</summary>
    public long Refused;

    /// <summary>Requests in http mode.</summary>
    public HttpCounters Http { get; } = new();

    /// <summary>Whether a session that came now would find a server, with room or not.</summary>
    public bool IsUp => _servers.Any(static s => s.Status.TakesNew);

    /// <summary>Called after each change of a server's state.</summary>
    public event Action<Backend, Server>? ServerChanged;

    /// <summary>Called after each change of a server's weight, limit or address, with what was configured before.</summary>
    public event Action<Backend, Server, ServerConfig>? ServerReconfigured;

    /// <summary>Called after servers were added or removed.</summary>
    public event Action? ServersChanged;

    /// <summary>A server for a session; waits in the queue where all are at their limits.</summary>
    public ValueTask<LeaseResult> LeaseAsync(LeaseRequest request, CancellationToken stopping = default)
    {
        LeaseQueue.Waiter waiter;
        int ahead;
        lock (_lock)
        {
            // Whoever comes later than those who wait must not overtake them.
            var choice = _queue.Count == 0 ? Choose(request) : new(null, LeaseFailure.QueueTimeout);
            if (choice.Failure != LeaseFailure.QueueTimeout || _queue.Count >= Config.MaxQueue)
                return new(Counted(choice.Failure == LeaseFailure.QueueTimeout ? choice with { Failure = LeaseFailure.QueueFull } : choice));
            ahead = _queue.Count;
            waiter = _queue.Add(request);
        }
        return WaitAsync(waiter, ahead, stopping);
    }

    /// <summary>A session is done with its server; the next one waiting gets it.</summary>
    public void Release(Server server)
    {
        ArgumentNullException.ThrowIfNull(server);
        server.Release();
        Interlocked.Decrement(ref _active);
        Serve();
    }

    /// <summary>Adds a server at the end of the list.</summary>
    /// <returns>Null when the name is taken.</returns>
    public Server? Add(ServerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Server? added = null;
        lock (_lock)
        {
            if (_servers.All(s => s.Name != config.Name))
                _servers = _servers.Add(added = Make(config));
        }
        ServersChanged?.Invoke();
        Serve();
        return added;
    }

    /// <summary>Takes a server out; its sessions end by themselves.</summary>
    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            if (_servers.FirstOrDefault(s => s.Name == name) is not { } server)
                return false;
            Disregard(server);
            _servers = _servers.Remove(server);
        }
        ServersChanged?.Invoke();
        Serve();
        return true;
    }

    /// <summary>Takes another configuration of the same name in; sessions stay where they are. What was changed at run time stays,
    /// unless the configuration's own value changed. Whether servers are checked is up to the caller.</summary>
    /// <exception cref="BalancerException">A file of its TLS settings can't be used: nothing has changed.</exception>
    public void Apply(BackendConfig next) => Apply(next, LinkFor(next));

    /// <summary>The part of <see cref="Apply(BackendConfig)"/> that can fail.</summary>
    internal ServerLink LinkFor(BackendConfig next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var (config, link) = (_config, _link);
        return next.Tls == config.Tls && next.SendProxy == config.SendProxy ? link : new(next.SendProxy, next.Tls == config.Tls ? link.Tls : TlsOf(next));
    }

    /// <summary>The other part.</summary>
    internal void Apply(BackendConfig next, ServerLink link)
    {
        List<(Server Server, ServerConfig Config)> merged;
        lock (_lock)
        {
            var before = _config;
            if (_link.Tls != link.Tls)
                _link.Tls?.Dispose();
            _link = link;
            (_config, merged) = (next, ServerMerge.Of(_servers, before.Servers, next.Servers, Make));
            if (before.Balance != next.Balance)
                _policy = BalancingPolicies.Create(next.Balance);
            foreach (var gone in _servers.Except(merged.Select(m => m.Server)))
                Disregard(gone);
            _servers = [.. merged.Select(m => m.Server)];
        }
        foreach (var (server, config) in merged)
        {
            if (server.Config != config)
                server.Config = config;
            if (!next.IsDirected)
                server.CheckedBy(next.Check, next.Agent);
        }
        ServersChanged?.Invoke();
        Serve();
    }

    /// <summary>Begins anew with what was the most at a time, for itself and its servers.</summary>
    public void ForgetMaxima()
    {
        lock (_lock)
        {
            MaxActive = Active;
            _queue.ForgetMost();
        }
        foreach (var server in _servers)
            server.Counters.MaxActive = server.ActiveConnections;
    }

    /// <summary>The session's connection failed: counts it, and takes a server down that failed too often in a row.</summary>
    public void NoteFailure(Server server, string why)
    {
        ArgumentNullException.ThrowIfNull(server);
        Interlocked.Increment(ref server.Counters.ConnectErrors);
        Judge(server, "connections", why);
    }

    /// <summary>The server broke a response off, or never began it: counts it like a failed connection.</summary>
    public void NoteBadResponse(Server server, string why)
    {
        ArgumentNullException.ThrowIfNull(server);
        Interlocked.Increment(ref server.Counters.ResponseErrors);
        Judge(server, "responses", why);
    }

    /// <summary>Takes in what a check asks for; a greater limit lets in who waits.</summary>
    internal void Heed(Server server, in CheckResult check, bool isAgent)
    {
        server.Heed(check, isAgent, Config.SlowStart);
        Serve();
    }

    /// <summary>Gives everybody who waits their refusal.</summary>
    public void Dispose()
    {
        lock (_lock)
            _queue.Fail(LeaseFailure.NoServer);
        _link.Tls?.Dispose();
    }

    private static ServerTlsStore? TlsOf(BackendConfig config)
    {
        try
        {
            return config.Tls is { } tls ? new(tls, config.Name) : null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BalancerException($"backend {config.Name}: {e.Message}", e);
        }
    }

    private void Judge(Server server, string what, string why)
    {
        var failures = server.NoteFailure();
        if (Config is { ErrorLimit: > 0, Check: not null } && failures >= Config.ErrorLimit && server.Status.IsUp)
            server.SetHealth(false, $"{failures} {what} in a row failed: {why}");
    }

    private Server Make(ServerConfig config)
    {
        var server = new Server(config, _time);
        if (_config.IsDirected)
            server.SetHealth(false, "its role is not known yet");
        server.Changed += OnServerChanged;
        server.Reconfigured += OnReconfigured;
        return server;
    }

    private void Disregard(Server server)
    {
        server.Changed -= OnServerChanged;
        server.Reconfigured -= OnReconfigured;
    }

    private void OnReconfigured(Server server, ServerConfig before)
    {
        ServerReconfigured?.Invoke(this, server, before);
        Serve();
    }

    private void OnServerChanged(Server server)
    {
        if (Config.CloseWhenDown && !server.Status.IsUp)
            server.CloseSessions();
        ServerChanged?.Invoke(this, server);
        Serve();
    }

    /// <summary>Gives servers with room to those who wait, in their order.</summary>
    private void Serve()
    {
        if (_queue.Count == 0)
            return;
        lock (_lock)
        {
            while (_queue.First is { } waiter)
            {
                var choice = Choose(waiter.Request);
                if (choice.Failure == LeaseFailure.QueueTimeout)
                    return;
                _queue.Complete(waiter, choice);
            }
        }
    }

    private async ValueTask<LeaseResult> WaitAsync(LeaseQueue.Waiter waiter, int ahead, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(Config.QueueTimeout, _time);
        using var timedOut = timeout.Token.Register(() => GiveUp(waiter, LeaseFailure.QueueTimeout));
        using var stopped = stopping.Register(() => GiveUp(waiter, LeaseFailure.Cancelled));
        return Counted(await waiter.Task) with { Ahead = ahead };
    }

    private void GiveUp(LeaseQueue.Waiter waiter, LeaseFailure why)
    {
        lock (_lock)
            _queue.Complete(waiter, new(null, why));
    }

    private LeaseResult Counted(LeaseResult result)
    {
        if (result.Server is null)
            Interlocked.Increment(ref Refused);
        return result;
    }

    /// <summary>Chooses and takes a server. Called under the lock: two sessions must not take the last place.</summary>
    private LeaseResult Choose(in LeaseRequest request)
    {
        var candidates = Fit(request, out var anyAtLimit);
        var preferred = request.Preferred is null ? -1 : candidates.IndexOf(request.Preferred);
        var pick = preferred >= 0 ? preferred : candidates.Count == 0 ? -1 : _policy.Pick<Server>(candidates.Span, request.Key);
        if (pick < 0)
            return new(null, anyAtLimit ? LeaseFailure.QueueTimeout : LeaseFailure.NoServer);
        var server = candidates.Span[pick];
        server.Acquire();
        Sessions++;
        MaxActive = Math.Max(MaxActive, Interlocked.Increment(ref _active));
        return new(server);
    }

    private Candidates Fit(in LeaseRequest request, out bool anyAtLimit)
    {
        var candidates = Candidates.Rent(_servers.Length);
        anyAtLimit = false;
        var backups = !_servers.Any(static s => !s.Config.IsBackup && s.Status.TakesNew && s.Weight > 0);
        foreach (var server in _servers)
        {
            if (!server.Status.TakesNew || server.Config.IsBackup != backups)
                continue;
            anyAtLimit |= !server.HasRoom;
            if (server.HasRoom)
                candidates.Add(server);
            if (backups && !Config.AllBackups)
                break;
        }
        // From the last on: when all have failed, the one whose failure is the longest ago is left.
        for (var i = (request.Avoid?.Count ?? 0) - 1; i >= 0 && candidates.Count > 1; i--)
            candidates.Remove(request.Avoid![i]);
        return candidates;
    }
}
