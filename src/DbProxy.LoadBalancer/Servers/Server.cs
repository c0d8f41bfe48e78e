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
    private CancellationTokenSource _closing = new();
    private TimeSpan _downTime;
    private long _rampFrom;
    private long _rampTicks;
    private volatile int _agentShare = 100;
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
        _status = new(AdminState.Ready, IsUp: true, AdminReason: "", HealthReason: "not checked yet", _created);
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
            _config = value;
            Changed?.Invoke(this);
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

    /// <summary>What it did since the start.</summary>
    public ServerCounters Counters { get; } = new();

    /// <summary>Called after each change of state, weight, limit or address.</summary>
    public event Action<Server>? Changed;

    /// <summary>Cancelled when the sessions on the server must end now; a new one then takes its place.</summary>
    public CancellationToken Closing => Volatile.Read(ref _closing).Token;

    /// <inheritdoc/>
    public int ActiveConnections => Volatile.Read(ref _active);

    /// <inheritdoc/>
    public BalancingSlot Slot { get; }

    /// <summary>The part of its weight that an agent on the server's machine asks for, 0 to 100 per cent.</summary>
    public int AgentShare
    {
        get => _agentShare;
        internal set => _agentShare = value;
    }

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
    internal bool HasRoom => _config.MaxConnections == 0 || ActiveConnections < _config.MaxConnections;

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
    public void SetAdmin(AdminState state, string reason, TimeSpan slowStart = default) =>
        Change(before => before with { Admin = state, AdminReason = reason }, slowStart);

    /// <summary>Takes in what the checks found.</summary>
    /// <param name="up">Whether it may work.</param>
    /// <param name="reason">What the check said.</param>
    /// <param name="slowStart">How long the way back to the full share takes; zero: none.</param>
    public void SetHealth(bool up, string reason, TimeSpan slowStart = default) =>
        Change(before => before with { IsUp = up, HealthReason = reason }, slowStart);

    /// <summary>Whether its state is what an agent on its machine asked for.</summary>
    internal bool IsOrderedByAgent { get; set; }

    /// <summary>Forgets what checks of another kind said.</summary>
    internal void CheckedBy(HealthCheckConfig? check)
    {
        if (check is null && !_status.IsUp)
            SetHealth(true, "not checked any more");
        if (check?.Kind == CheckKind.Agent)
            return;
        AgentShare = 100;
        if (IsOrderedByAgent)
            SetAdmin(AdminState.Ready, "its agent is not asked any more");
        IsOrderedByAgent = false;
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
