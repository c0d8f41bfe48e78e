using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.HealthChecks;

namespace DbProxy.LoadBalancer.Servers;

/// <summary>A server of a backend: its mutable identity, with what is known of it now.</summary>
public sealed class Server : IBalancedServer, IDisposable
{
    // Weights are multiplied by this, so that the slow start of a server of weight 1 has steps.
    private const int WeightScale = 100;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _created;
    private volatile ServerConfig _config;
    private volatile ServerStatus _status;
    private volatile CheckReport? _lastCheck;
    private volatile CheckReport? _lastAgentCheck;
    private CancellationTokenSource _closing = new();
    private TimeSpan _downTime;
    private long _rampFrom;
    private long _rampTicks;
    private volatile int _agentShare = 100;
    // What the agent asks for, -1: nothing.
    private volatile int _agentLimit = -1;
    private AdminState _checkWish;
    private AdminState _agentWish;
    private int _active;
    private int _failures;

    /// <summary>A server that counts as up until a check says otherwise.</summary>
    public Server(ServerConfig config, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(time);
        _config = config;
        _time = time;
        Slot = new(config.Name);
        _created = time.GetUtcNow();
        _status = new(AdminState.Ready, IsHealthy: true, AdminReason: "", HealthReason: "not checked", _created);
    }

    /// <summary>The name in logs, metrics and the runtime API.</summary>
    public string Name => _config.Name;

    /// <summary>The configuration in force; may be replaced at any time by one of the same name.</summary>
    public ServerConfig Config
    {
        get => _config;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var before = _config;
            _config = value;
            Reconfigured?.Invoke(this, before);
        }
    }

    /// <summary>Whether it may work, why, and since when.</summary>
    public ServerStatus Status => _status;

    /// <summary>The last check; null: there was none.</summary>
    public CheckReport? LastCheck
    {
        get => _lastCheck;
        internal set => _lastCheck = value;
    }

    /// <summary>What its agent said last; null: nothing yet.</summary>
    public CheckReport? LastAgentCheck
    {
        get => _lastAgentCheck;
        internal set => _lastAgentCheck = value;
    }

    /// <summary>What it did since the start.</summary>
    public ServerCounters Counters { get; } = new();

    /// <summary>Called after each change of state.</summary>
    public event Action<Server>? Changed;

    /// <summary>Called after each change of weight, limit or address, with what was configured before.</summary>
    public event Action<Server, ServerConfig>? Reconfigured;

    /// <summary>Cancelled when the sessions on the server must end now; a new one then takes its place.</summary>
    public CancellationToken Closing => Volatile.Read(ref _closing).Token;

    /// <inheritdoc/>
    public int ActiveConnections => Volatile.Read(ref _active);

    /// <inheritdoc/>
    public BalancingSlot Slot { get; }

    /// <summary>The most connections at a time: what its agent asks for, else as configured; 0: no limit.</summary>
    public int Limit => _agentLimit is >= 0 and var wished ? wished : _config.MaxConnections;

    /// <summary>The configured weight times 100, less while a slow start lasts or where an agent asks for less.</summary>
    public int Weight
    {
        get
        {
            var full = _config.Weight * WeightScale * _agentShare / 100;
            var ramp = Volatile.Read(ref _rampTicks);
            if (ramp == 0)
                return full;
            var done = (_time.GetTimestamp() - Volatile.Read(ref _rampFrom)) / (double)ramp;
            // From a tenth on, so that the first check of the ramp is not a check of nothing.
            return done >= 1 ? full : Math.Max(Math.Min(1, full), (int)(full * Math.Max(done, 0.1)));
        }
    }

    /// <summary>Whether one more connection is within the server's limit.</summary>
    internal bool HasRoom => Limit is var most && (most == 0 || ActiveConnections < most);

    /// <summary>The time spent down or in maintenance since the start.</summary>
    public TimeSpan DownTime
    {
        get
        {
            lock (_lock)
                return _status.IsUp && _status.Admin != AdminState.Maint ? _downTime : _downTime + (_time.GetUtcNow() - _status.Since);
        }
    }

    /// <summary>Sets the operator's wish.</summary>
    /// <param name="state">The wish.</param>
    /// <param name="reason">Why, for the statistics page and the log.</param>
    /// <param name="slowStart">How long the way back to the full share takes; zero: none.</param>
    public void SetAdmin(AdminState state, string reason, TimeSpan slowStart = default) => Order(state, reason, slowStart, isByCheck: false);

    /// <summary>Takes in what the checks found.</summary>
    /// <param name="up">Whether it may work.</param>
    /// <param name="reason">What the check said.</param>
    /// <param name="slowStart">How long the way back to the full share takes; zero: none.</param>
    public void SetHealth(bool up, string reason, TimeSpan slowStart = default) =>
        Change(before => before with { IsHealthy = up, HealthReason = reason }, slowStart);

    /// <summary>Takes in what its agent says, beside the checks: both must say up.</summary>
    internal void SetAgentHealth(bool up, string reason, TimeSpan slowStart) =>
        Change(before => before with { AgentDown = up ? null : reason }, slowStart);

    /// <summary>Whether its state is what a check or an agent asked for.</summary>
    internal bool IsOrderedByCheck { get; private set; }

    /// <summary>Takes in what a check asks for. Check and agent speak for the machine's operator: the stricter wish counts,
    /// but none takes back what was ordered here.</summary>
    internal void Heed(in CheckResult check, bool isAgent, TimeSpan slowStart)
    {
        _agentShare = check.Weight ?? _agentShare;
        _agentLimit = check.MaxConnections ?? _agentLimit;
        if (check.Admin is { } wish)
            Heed(wish, check.Detail, isAgent, slowStart);
    }

    /// <summary>Forgets what checks and agents said that are not asked any more.</summary>
    internal void CheckedBy(HealthCheckConfig? check, AgentCheckConfig? agent)
    {
        if (check is null && !_status.IsHealthy)
            SetHealth(true, "not checked any more");
        if (check is null)
            LastCheck = null;
        if (check?.Kind == CheckKind.Agent || agent is not null)
            return;
        (_agentShare, _agentLimit, LastAgentCheck) = (100, -1, null);
        if (_status.AgentDown is not null)
            SetAgentHealth(true, "", default);
        Heed(AdminState.Ready, "its agent is not asked any more", isAgent: true, default);
        if (check is not { DrainStatus: > 0 })
            Heed(AdminState.Ready, "its checks do not ask for it any more", isAgent: false, default);
    }

    /// <summary>Ends the sessions that the server has.</summary>
    public void CloseSessions()
    {
        var closing = Interlocked.Exchange(ref _closing, new());
        // Not disposed: a session may be about to ask it for its token, and there is nothing in it to free.
        closing.Cancel();
    }

    internal void Acquire()
    {
        var active = Interlocked.Increment(ref _active);
        Interlocked.Increment(ref Counters.Sessions);
        if (active > Counters.MaxActive)
            Counters.MaxActive = active;
    }

    internal void Release() => Interlocked.Decrement(ref _active);

    /// <summary>Counts a connection or a response that failed; returns how many in a row now did.</summary>
    internal int NoteFailure() => Interlocked.Increment(ref _failures);

    internal void NoteSuccess() => Volatile.Write(ref _failures, 0);

    /// <inheritdoc/>
    public void Dispose() => CloseSessions();

    private void Heed(AdminState wish, string why, bool isAgent, TimeSpan slowStart)
    {
        lock (_lock)
        {
            (isAgent ? ref _agentWish : ref _checkWish) = wish;
            wish = _agentWish > _checkWish ? _agentWish : _checkWish;
            var isOperators = _status.Admin != AdminState.Ready && !IsOrderedByCheck;
            if (wish == _status.Admin || isOperators)
                return;
        }
        Order(wish, why, slowStart, isByCheck: wish != AdminState.Ready);
    }

    private void Order(AdminState state, string reason, TimeSpan slowStart, bool isByCheck)
    {
        IsOrderedByCheck = isByCheck;
        Change(before => before with { Admin = state, AdminReason = reason }, slowStart);
    }

    private void Change(Func<ServerStatus, ServerStatus> change, TimeSpan slowStart)
    {
        lock (_lock)
        {
            var (before, now) = (_status, _time.GetUtcNow());
            var after = change(before);
            if (after.Name == before.Name)
            {
                // The reason may be fresher; the state stands since it began.
                _status = after;
                return;
            }
            if (!before.IsUp || before.Admin == AdminState.Maint)
                _downTime += now - before.Since;
            if (before.IsUp && !after.IsUp)
                Interlocked.Increment(ref Counters.WentDown);
            if (after.TakesNew && !before.TakesNew)
                StartSlowly(slowStart);
            _status = after with { Since = now };
        }
        Changed?.Invoke(this);
    }

    private void StartSlowly(TimeSpan duration)
    {
        NoteSuccess();
        Volatile.Write(ref _rampFrom, _time.GetTimestamp());
        Volatile.Write(ref _rampTicks, (long)(duration.TotalSeconds * _time.TimestampFrequency));
    }
}
