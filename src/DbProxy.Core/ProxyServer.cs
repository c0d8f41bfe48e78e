using System.Diagnostics;
using System.Net;
using DbProxy.Core.Accounting;
using DbProxy.Core.Backends;
using DbProxy.Core.Certificates;
using DbProxy.Core.Configuration;
using DbProxy.Core.Handshake;
using DbProxy.Core.Listening;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.Core.Sessions;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core;

/// <summary>
/// The proxy as one object: monitors, listeners and sessions over one configuration. The executable hosts it; the demo
/// and the tests run it in their own process.
/// </summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private static readonly TimeSpan TakeoverPatience = TimeSpan.FromSeconds(30);

    private readonly ConfigStore _config;
    private readonly MonitorService _monitors;
    private readonly Sweeper _sweeper;
    private readonly CertificateWatch _certificateWatch;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ListenSockets _sockets;
    private readonly ListenerSet<ListenAddress> _listeners;
    private readonly List<Task> _loops = [];
    private volatile bool _leaving;
    private volatile bool _draining;
    private volatile bool _listening;

    /// <summary>Builds the proxy; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <param name="config">The configuration in force.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="sockets">The process's listening sockets; null: its own.</param>
    public ProxyServer(ConfigStore config, ILoggerFactory loggers, TimeProvider? time = null, ListenSockets? sockets = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(loggers);
        _config = config;
        _logger = loggers.CreateLogger<ProxyServer>();
        TimeProvider clock = time ?? TimeProvider.System;
        Certificates = new(config.Current, clock);
        _certificateWatch = new(Certificates, clock, loggers.CreateLogger<CertificateWatch>());
        Topology = ServerList.NewTopology(config.Current.Servers);
        _monitors = new(Topology, () => SettingsOf(config.Current, Certificates), clock, loggers.CreateLogger<MonitorService>());
        var refused = new RefusedReads();
        Context = new(
            config, Topology, new ServerList(_monitors.Keeper, config.Current.Servers), new Router(Topology, refused), refused,
            new UserDirectory(config, new ServerConnector(config, Certificates)), new SessionRegistry(), new ProxyCounters(), new ClientAdmission(config, Topology, Certificates, _logger), new GlobalPosition(Topology), _logger);
        _sweeper = new(Context, clock);
        _sockets = sockets ?? new();
        _listeners = new ClientListeners(Context, _sockets).Create();
    }

    /// <summary>The servers and their states.</summary>
    public Topology Topology { get; }

    /// <summary>The TCP addresses for MySQL clients, with the ports that the system chose where 0 was configured.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.EndPoints.OfType<IPEndPoint>()];

    /// <summary>
    /// Whether clients can be served: listening, not draining, and a server is up that reads can go to, if only as the last
    /// resort. All proxies lose a primary at once, and replicas without a source fall behind: nobody would be left to read from.
    /// </summary>
    public bool IsReady => _listening && !_leaving && !_draining && CanRead(Topology.Current);

    private bool CanRead(TopologyModel topology) => topology.Primary is not null || topology.Fresh.Length > 0
        || (topology.Replicas.Length > 0 && _config.Current.Routing.WithoutReplica != WithoutReplicaAction.Fail);

    internal ProxyContext Context { get; }

    internal CertificateStore Certificates { get; }

    /// <summary>Starts monitors and listeners; waits a moment for the servers' first answers, so that early clients are served.</summary>
    /// <exception cref="ConfigException">An address cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default) => (await PrepareStartAsync(cancellationToken)).Commit();

    /// <summary>The part of <see cref="StartAsync"/> that can fail: clients are accepted when the change is made.</summary>
    /// <exception cref="ConfigException">As there.</exception>
    public async Task<IPreparedChange> PrepareStartAsync(CancellationToken cancellationToken = default)
    {
        await _monitors.StartAsync(cancellationToken);
        await WaitForServersAsync(_config.Current.Monitor.ConnectTimeout + _config.Current.Monitor.Interval, cancellationToken);
        if (_sockets.IsTakingOver)
        {
            await WaitForPrimaryAsync(cancellationToken);
        }

        var start = new ChangeSet();
        start.Add(_listeners.Prepare(_config.Current.Listen));
        start.Add(new PreparedChange(() =>
        {
            _listening = true;
            _config.Attach(PrepareAsync);
            _loops.Add(Task.Run(() => _sweeper.RunAsync(_stopping.Token), CancellationToken.None));
            _loops.Add(Task.Run(() => _certificateWatch.RunAsync(_stopping.Token), CancellationToken.None));
        }));
        return start;
    }

    /// <summary>Is not ready any more, for whoever asks; goes on serving.</summary>
    public void LeaveRotation() => _leaving = true;

    /// <summary>Accepts nobody any more; sessions go on.</summary>
    public ValueTask StopAcceptingAsync() => _listeners.DisposeAsync();

    /// <summary>
    /// Takes no new connections, lets transactions that run finish within <c>Limits.DrainTimeout</c>, and ends the rest. In
    /// the first half of that time sessions end only where pools of connections don't mind.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        if (_draining)
        {
            return;
        }

        _draining = true;
        await _listeners.DisposeAsync();
        TimeSpan limit = _config.Current.Limits.DrainTimeout;
        Log.Draining(_logger, Context.Sessions.Count, limit);
        await Context.Sessions.DrainAsync(static _ => true, limit, cancellationToken);
        Log.Drained(_logger, Context.Sessions.Count);
        foreach (Session session in Context.Sessions.All)
        {
            session.Abort();
        }
    }

    /// <summary>
    /// Lets the sessions end whose connections come from an address, each where nothing of it is lost: those of a load balancer in
    /// front that is about to go. New ones are accepted; the order holds for those that come while this waits. Who is left then
    /// goes on to where it can end.
    /// </summary>
    /// <param name="peer">Who is connected, whatever clients it names.</param>
    /// <param name="limit">How long to wait for them.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <returns>How many there were, and how many are left.</returns>
    public async Task<(int Found, int Left)> RetireAsync(IPAddress peer, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        int found = Context.Sessions.All.Count(CameFrom);
        await Context.Sessions.DrainAsync(CameFrom, limit, cancellationToken);
        int left = Context.Sessions.All.Count(CameFrom);
        Log.Retired(_logger, peer, found, left);
        return (found, left);

        bool CameFrom(Session session) => peer.Equals(session.Peer.Connected?.Address);
    }

    /// <summary>Takes a server out, or back in; it counts before this returns.</summary>
    public void Obey(ServerState server, ServerOrder order) => _monitors.Obey(server, order);

    /// <summary>Drains, then stops everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        await _stopping.CancelAsync();
        await _monitors.StopAsync(CancellationToken.None);
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (UserAccount account in Context.Users.Accounts)
        {
            account.CloseAllIdle();
        }

        _monitors.Dispose();
        Context.Admission.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Another configuration: what can fail of it.</summary>
    private async Task<IPreparedChange> PrepareAsync(ProxyConfig next)
    {
        ProxyConfig before = _config.Current;
        var change = new ChangeSet();
        if (_draining)
        {
            return change;
        }

        if (Context.Servers.WhyNot(before.Servers, next.Servers) is { } problem)
        {
            throw new ConfigException([new("", nameof(ProxyOptions.Servers), problem)]);
        }

        try
        {
            change.Add(_listeners.Prepare(next.Listen));
            change.Add(Certificates.Prepare(next.ClientTls));
            change.Add(Certificates.Prepare(next.ServerTls));
        }
        catch
        {
            await change.DisposeAsync();
            throw;
        }

        change.Add(new PreparedChange(() =>
        {
            Context.Users.Take(before.Users, next.Users);
            if (before.ServerTls != next.ServerTls)
            {
                Context.Users.RetireConnections();
            }

            Context.Servers.Apply(before.Servers, next.Servers);
        }));
        return change;
    }

    /// <summary>The process to take over from serves as long as this one can't; where there is no primary, it can't either.</summary>
    private async Task WaitForPrimaryAsync(CancellationToken cancellationToken)
    {
        for (long started = Stopwatch.GetTimestamp(); Topology.Current.Primary is null && Stopwatch.GetElapsedTime(started) < TakeoverPatience;)
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    private async Task WaitForServersAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limit);
        try
        {
            while (Topology.Servers.Any(s => s.Model.Health == ServerHealth.Unknown))
            {
                await Topology.WaitForChangeAsync(time.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // A server that does not answer yet is the monitor's business.
        }
    }

    private static MonitorSettings SettingsOf(ProxyConfig config, CertificateStore certificates) => new()
    {
        User = config.Monitor.User,
        Password = config.Monitor.Password.Reveal(),
        Interval = config.Monitor.Interval,
        ConnectTimeout = config.Monitor.ConnectTimeout,
        Timeout = config.Monitor.Timeout,
        Fall = config.Monitor.Fall,
        Rise = config.Monitor.Rise,
        MaxLag = config.Routing.MaxLag,
        LagRecoverFraction = config.Routing.MaxLag > TimeSpan.Zero ? config.Routing.LagRecover / config.Routing.MaxLag : 1,
        SslMode = config.ServerTls.Mode.ForDriver(),
        Tls13Only = config.ServerTls.MinVersion == TlsVersion.Tls13,
        Certificates = certificates,
    };
}
