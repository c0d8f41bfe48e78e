using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace DbProxy.Core.Gtids;

/// <summary>
/// A position that a read must see: the writes of a session, as its server's session tracking named them. MySQL:
/// intervals by source; MariaDB: one position a domain. Immutable, equatable by content.
/// </summary>
public sealed class GtidToken : IEquatable<GtidToken>
{
    /// <summary>
    /// Writes of one source at most this far apart become one interval, which may include other sessions' transactions:
    /// replicas apply those in between anyway, and the token stays small. Wider gaps stay gaps because they may never
    /// be filled: a Group Replication member numbers from a block of its own
    /// (group_replication_gtid_assignment_block_size,
    /// 1,000,000 by default).
    /// </summary>
    private const ulong JoinWithin = 100_000;

    private readonly GtidRange[] _ranges;
    private Wait? _wait;

    private GtidToken(GtidRange[] ranges) => _ranges = ranges;

    /// <summary>The ranges, sorted by source and number; never empty.</summary>
    public ReadOnlySpan<GtidRange> Ranges => _ranges;

    /// <summary>Whether the token came from a MariaDB server.</summary>
    public bool IsMariaDb => _ranges[0].IsMariaDb;

    /// <summary>
    /// Reads what the session tracker gives: MySQL with <c>session_track_gtids=OWN_GTID</c>, such as <c>uuid:5</c>,
    /// <c>uuid:5-7</c> or <c>uuid:tag:5</c>, several separated by commas; MariaDB's <c>last_gtid</c>, such as
    /// <c>0-1-123</c>.
    /// </summary>
    /// <returns>The token, or null when the text is empty or isn't GTID text.</returns>
    public static GtidToken? Parse(ReadOnlySpan<byte> text)
    {
        var reader = new GtidReader(text);
        var ranges = new List<GtidRange>(1);
        while (reader.Read(out var range))
            ranges.Add(range);
        return reader.Malformed || ranges.Count == 0 ? null : new GtidToken(Normalize(ranges));
    }

    /// <summary>This token and a later one of the same session as one.</summary>
    /// <param name="newer">What the session wrote now.</param>
    /// <param name="olderAppliedEverywhere">Every server that a read could go to is known to have applied this token,
    /// so that only the newer one needs to be waited for (see <c>Topology.HasAppliedEverywhere</c>).</param>
    public GtidToken Merge(GtidToken newer, bool olderAppliedEverywhere)
    {
        ArgumentNullException.ThrowIfNull(newer);
        // Another flavor means another system behind the proxy: the old positions mean nothing there.
        if (olderAppliedEverywhere || newer.IsMariaDb != IsMariaDb)
            return newer;
        return new GtidToken(Normalize([.. _ranges, .. newer._ranges]));
    }

    /// <summary>
    /// The statement with which a replica waits until it has applied this token. Its one row holds <c>0</c> when the
    /// position was reached and another value on a timeout (MySQL 1, MariaDB -1).
    /// </summary>
    /// <param name="timeout">How long the server shall wait at most; both servers take fractions of a second.</param>
    /// <returns>The statement in ASCII, kept in the token: asking again with the same timeout costs nothing.</returns>
    public ReadOnlyMemory<byte> WaitStatement(TimeSpan timeout)
    {
        if (_wait is { } wait && wait.Timeout == timeout)
            return wait.Bytes;
        var function = IsMariaDb ? "MASTER_GTID_WAIT" : "WAIT_FOR_EXECUTED_GTID_SET";
        var seconds = Math.Max(timeout.TotalSeconds, 0.000001);
        var bytes = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"SELECT {function}('{this}', {seconds:0.######})"));
        _wait = new Wait(timeout, bytes);
        return bytes;
    }

    /// <summary>The token as the server writes it.</summary>
    public override string ToString() => string.Join(',', _ranges);

    /// <inheritdoc/>
    public bool Equals(GtidToken? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GtidToken);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_ranges.Length, _ranges[^1]);

    private static GtidRange[] Normalize(List<GtidRange> ranges)
    {
        if (ranges.Count > 1)
            ranges.Sort(GtidOrder.Compare);
        var joined = new List<GtidRange>(ranges.Count);
        foreach (var range in ranges)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.Source == range.Source
                && (range.IsMariaDb || range.Low <= last.High || range.Low - last.High <= JoinWithin))
                joined[^1] = Join(last, range);
            else
                joined.Add(range);
        }
        return [.. joined];
    }

    /// <summary>Sorted order guarantees that <paramref name="later"/> doesn't start before <paramref name="earlier"/>.
    /// In MariaDB the higher position of a domain includes the lower one.</summary>
    private static GtidRange Join(GtidRange earlier, GtidRange later) =>
        earlier.IsMariaDb ? later : earlier with { High = Math.Max(earlier.High, later.High) };

    private sealed record Wait(TimeSpan Timeout, byte[] Bytes);
}
