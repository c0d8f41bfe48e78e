using DbProxy.Core.Routing;

namespace DbProxy.Core.Accounting;

/// <summary>What kind of work a statement was, for the metrics.</summary>
internal enum StatementClass : byte { Read, Write, Transaction, Prepare, Other }

/// <summary>
/// Counters of one server connection: plain fields, written only by the session that leases it and summed at a scrape.
/// An atomic or labelled counter would cost more than the rest of the accounting.
/// </summary>
internal sealed class ConnectionCounters
{
    public const int Classes = 5;
    private static readonly int Reasons = Enum.GetValues<RouteReason>().Length;
    private readonly long[] _statements = new long[2 * Classes];
    private readonly long[] _routes = new long[Reasons];

    public LatencyHistogram Latency { get; } = new();

    public long BytesSent { get; set; }

    public long BytesReceived { get; set; }

    public long Errors { get; set; }

    public long CausalWaits { get; set; }

    public long CausalTimeouts { get; set; }

    /// <summary>Prepared statements closed to make room (Pool.PreparedStatements).</summary>
    public long PreparedEvicted { get; set; }

    public void Count(bool onReplica, StatementClass kind, RouteReason reason)
    {
        _statements[(onReplica ? Classes : 0) + (int)kind]++;
        _routes[(int)reason]++;
    }

    public long Routes(RouteReason reason) => Volatile.Read(ref _routes[(int)reason]);

    public long Statements(bool onReplica, StatementClass kind) => Volatile.Read(ref _statements[(onReplica ? Classes : 0) + (int)kind]);

    public void Add(ConnectionCounters other)
    {
        for (int i = 0; i < _statements.Length; i++)
        {
            _statements[i] += other._statements[i];
        }

        for (int i = 0; i < _routes.Length; i++)
        {
            _routes[i] += other._routes[i];
        }

        Latency.Add(other.Latency);
        BytesSent += other.BytesSent;
        BytesReceived += other.BytesReceived;
        Errors += other.Errors;
        CausalWaits += other.CausalWaits;
        CausalTimeouts += other.CausalTimeouts;
        PreparedEvicted += other.PreparedEvicted;
    }
}
