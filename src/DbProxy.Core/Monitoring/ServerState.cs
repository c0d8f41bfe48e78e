using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Gtids;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.ProxyProtocol;

namespace DbProxy.Core.Monitoring;

/// <summary>A server that the proxy knows: its address, which never changes, and what is known of it now.</summary>
public sealed class ServerState : IBalancedServer
{
    private readonly AppliedMemory _learned = new();
    private readonly ProbeRequest _probeRequest = new();
    private volatile ServerModel _model = ServerModel.Initial;
    private volatile int _weight;
    private volatile bool _removed;
    private int _active;

    /// <summary>A server that has not been probed yet.</summary>
    /// <param name="index">See <see cref="Index"/>.</param>
    /// <param name="name">Its name in logs and metrics, such as <c>db1</c> or <c>127.0.0.1:3306</c>.</param>
    /// <param name="host">A host name or an address.</param>
    /// <param name="port">A TCP port.</param>
    /// <param name="weight">Its share of the reads relative to the other replicas; 0 takes none.</param>
    public ServerState(int index, string name, string host, int port, int weight = 1) =>
        (Index, Name, Host, Port, _weight, Slot, Backend) = (index, name, host, port, weight, new(name), new(this));

    /// <summary>A small number, from 0, that no other server has now: its place in tables. One that is gone leaves it to another.</summary>
    public int Index { get; }

    /// <summary>The name in logs and metrics.</summary>
    public string Name { get; }

    /// <summary>The host name or address.</summary>
    public string Host { get; }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The file of the server's Unix domain socket, used instead of host and port; null: none.</summary>
    public string? UnixPath { get; init; }

    /// <summary>Where it listens.</summary>
    public HostPort Address => new(UnixPath is null ? Host : "", Port) { UnixPath = UnixPath };

    /// <summary>The header that tells the server who a connection is for.</summary>
    public ProxyHeaderVersion ProxyHeader { get; init; }

    /// <summary>The share of the reads; may be set at any time and counts from the next pick on.</summary>
    public int Weight
    {
        get => _weight;
        set => _weight = value;
    }

    /// <summary>The leases that are out right now.</summary>
    public int ActiveConnections => Volatile.Read(ref _active);

    /// <inheritdoc/>
    public BalancingSlot Slot { get; }

    /// <summary>The server as the data path sees it.</summary>
    internal ServerBackend Backend { get; }

    /// <summary>Whether it was removed: it gets nothing new, and is gone when what it has has ended.</summary>
    public bool IsRemoved
    {
        get => _removed;
        internal set => _removed = value;
    }

    /// <summary>What is known of the server; a consistent whole, replaced after each probe.</summary>
    public ServerModel Model
    {
        get => _model;
        internal set => _model = value;
    }

    /// <summary>The positions of the server while it is writable, with the times they were seen.</summary>
    internal PositionHistory History { get; } = new();

    /// <summary>The early wake-up of this server's monitor.</summary>
    internal ProbeRequest ProbeRequest => _probeRequest;

    /// <summary>Counts a lease.</summary>
    public void AcquireConnection() => Interlocked.Increment(ref _active);

    /// <summary>Counts a lease back.</summary>
    public void ReleaseConnection() => Interlocked.Decrement(ref _active);

    /// <summary>
    /// Whether a read here sees everything that the token names: the server is the primary, or its last probe said so,
    /// or a session waited for it here with success. False means "not known to".
    /// </summary>
    public bool HasApplied(GtidToken token)
    {
        var model = _model;
        return model.Role == ServerRole.Primary
            || model.Gtids.Contains(token)
            || _learned.Contains(token, model.Identity.AppliesInOrder);
    }

    /// <summary>Remembers that a session waited here for the token and the server reached it.</summary>
    public void LearnApplied(GtidToken token) => _learned.Add(token);

    /// <summary>Forgets what sessions learned: after a restart a server may have lost what it had not yet made
    /// durable.</summary>
    internal void ForgetLearned() => _learned.Clear();

    /// <summary>
    /// Asks the monitor to look now instead of at its next interval, for instance after a session lost its connection.
    /// Cheap; many requests make one probe.
    /// </summary>
    public void RequestProbe() => _probeRequest.Set();

    /// <summary>The server's name.</summary>
    public override string ToString() => Name;
}
