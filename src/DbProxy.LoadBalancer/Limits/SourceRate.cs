using System.Net;
using System.Threading.RateLimiting;

namespace DbProxy.LoadBalancer.Limits;

/// <summary>
/// Counts per source over a sliding window. IPv6 sources count by their /64, because one customer has that many
/// addresses. Sources that are silent for a window are forgotten, so that an attack from many addresses does not pile up.
/// </summary>
public sealed class SourceRate : IDisposable
{
    private const int Segments = 10;

    private readonly PartitionedRateLimiter<IPAddress> _limiter;
    private long _refused;

    /// <summary>A limit for all sources alike, each counted on its own.</summary>
    public SourceRate(RateLimitConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        var options = new SlidingWindowRateLimiterOptions
        {
            PermitLimit = config.Permits, Window = config.Window, SegmentsPerWindow = Segments, QueueLimit = 0, AutoReplenishment = true,
        };
        _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
            source => RateLimitPartition.GetSlidingWindowLimiter(Group(source), _ => options));
    }

    /// <summary>The limit.</summary>
    public RateLimitConfig Config { get; }

    /// <summary>How often it refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes one permit of a source; false when it has none left.</summary>
    public bool TryTake(IPAddress source)
    {
        using var lease = _limiter.AttemptAcquire(source);
        if (!lease.IsAcquired)
            Interlocked.Increment(ref _refused);
        return lease.IsAcquired;
    }

    /// <summary>Whether a source has a permit left; takes none.</summary>
    public bool HasRoom(IPAddress source)
    {
        using var lease = _limiter.AttemptAcquire(source, permitCount: 0);
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    internal static IPAddress Group(IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6)
            return source.MapToIPv4();
        if (source.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            return source;
        Span<byte> bytes = stackalloc byte[16];
        source.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }
}
