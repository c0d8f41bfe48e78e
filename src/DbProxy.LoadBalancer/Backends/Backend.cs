using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>
/// A group of servers: chooses one for each session, keeps their connection limits, and queues, first come first
/// served, what is beyond them.
/// </summary>
public sealed class Backend : IDisposable
{
    private static int _lastId;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly LeaseQueue _queue = new();
    private readonly IBalancingPolicy _policy;
    private readonly CancellationTokenSource _disposed = new();
    private ImmutableArray<Server> _servers;
    private int _active;

    /// <summary>A backend whose servers count as up until somebody checks them.</summary>
    /// <exception cref="IOException">A file of its TLS settings can't be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Such a file is not what it should be.</exception>
    public Backend(BackendConfig config, TimeProvider? time = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        _time = time ?? TimeProvider.System;
        Config = config;
        Tls = config.Tls is { } tls ? new(tls, config.Name) : null;
        if (Tls is not null)
            _ = Task.Run(() => new CertificateWatch(Tls, _time, logger ?? NullLogger.Instance).RunAsync(_disposed.Token));
        _policy = BalancingPolicies.Create(config.Balance);
        _servers = [.. config.Servers.Select(Make)];
    }

    /// <summary>The configuration. What changes live is in the servers' own.</summary>
    public BackendConfig Config { get; }

    /// <summary>No other backend of this process has it, not even one of the same name before.</summary>
    internal int Id { get; } = Interlocked.Increment(ref _lastId);

    /// <summary>The name in logs and metrics.</summary>
    public string Name => Config.Name;

    /// <summary>The servers in their order.</summary>
    public ImmutableArray<Server> Servers => _servers;

    /// <summary>TLS towards the servers; null: none.</summary>
    public ServerTlsStore? Tls { get; }

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
        Serve();
        return added;
    }

    /// <summary>Takes a server out; its sessions end by themselves.</summary>
    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            var index = _servers.IndexOf(_servers.FirstOrDefault(s => s.Name == name)!);
            if (index < 0)
                return false;
            _servers[index].Changed -= OnServerChanged;
            _servers = _servers.RemoveAt(index);
        }
        return true;
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

    private void Judge(Server server, string what, string why)
    {
        var failures = server.NoteFailure();
        if (Config is { ErrorLimit: > 0, Check: not null } && failures >= Config.ErrorLimit && server.Status.IsUp)
            server.SetHealth(false, $"{failures} {what} in a row failed: {why}");
    }

    /// <summary>Gives everybody who waits their refusal.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        lock (_lock)
            _queue.Fail(LeaseFailure.NoServer);
    }

    /// <summary>How a client's connection to a server begins.</summary>
    /// <param name="to">The server.</param>
    /// <param name="client">The client's address.</param>
    /// <param name="local">Where it connected to.</param>
    /// <param name="protocol">What is spoken inside TLS; null: nothing is said of it.</param>
    internal ServerDial Dial(ServerConfig to, IPEndPoint? client, IPEndPoint? local, SslApplicationProtocol? protocol = null) =>
        new(to.Host, to.Port, Header(client, local), Tls?.For(to.Host, protocol));

    /// <summary>How a check's connection begins: on the server's own port as a client's, elsewhere plainly.</summary>
    internal ServerDial DialForCheck(ServerConfig to, SslApplicationProtocol? protocol = null) => Config.Check is { Port: > 0 } check && check.Port != to.Port
        ? new(to.Host, check.Port, null, null)
        : new(to.Host, to.Port, Header(null, null), Tls?.For(to.Host, protocol));

    private byte[]? Header(IPEndPoint? client, IPEndPoint? local) =>
        Config.SendProxy == ProxyHeaderVersion.None ? null : ProxyHeaderWriter.Write(Config.SendProxy, client, local);

    private Server Make(ServerConfig config)
    {
        var server = new Server(config, _time);
        server.Changed += OnServerChanged;
        return server;
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
