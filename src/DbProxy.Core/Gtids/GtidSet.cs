using System.Text;

namespace DbProxy.Core.Gtids;

/// <summary>
/// What a server has applied: MySQL's <c>gtid_executed</c> (intervals by source), or a MariaDB position such as
/// <c>gtid_slave_pos</c> (the last number by domain, which includes all before it). Immutable.
/// </summary>
public sealed class GtidSet
{
    /// <summary>The set that contains nothing.</summary>
    public static readonly GtidSet Empty = new([]);

    // Servers have a handful of sources: scanning an array beats hashing a UUID and a tag.
    private readonly Entry[] _entries;

    private GtidSet(Entry[] entries) => _entries = entries;

    /// <summary>Whether the set contains nothing, as on a server without GTIDs.</summary>
    public bool IsEmpty => _entries.Length == 0;

    /// <summary>Reads a set; null when the text isn't GTID text. The empty text is the empty set.</summary>
    public static GtidSet? Parse(ReadOnlySpan<byte> text)
    {
        var reader = new GtidReader(text);
        var ranges = new List<GtidRange>();
        while (reader.Read(out var range))
            ranges.Add(range);
        return reader.Malformed ? null : FromRanges(ranges);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static GtidSet? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Whether everything that the token names has been applied.</summary>
    public bool Contains(GtidToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        foreach (var range in token.Ranges)
        {
            if (!Contains(range))
                return false;
        }
        return true;
    }

    /// <summary>Whether all transactions of the range have been applied.</summary>
    public bool Contains(GtidRange range)
    {
        foreach (var entry in _entries)
        {
            if (entry.Source == range.Source)
                return entry.Contains(range);
        }
        return false;
    }

    /// <summary>Whether this set contains all of the other.</summary>
    internal bool Contains(GtidSet other)
    {
        foreach (var entry in other._entries)
        {
            foreach (var range in entry.Ranges)
            {
                if (!Contains(range))
                    return false;
            }
        }
        return true;
    }

    /// <summary>What this set contains and the earlier one doesn't.</summary>
    internal GtidSet Except(GtidSet earlier)
    {
        var left = new List<GtidRange>();
        foreach (var entry in _entries)
        {
            var known = earlier.RangesOf(entry.Source);
            foreach (var range in entry.Ranges)
                Subtract(range, known, left);
        }
        return left.Count == 0 ? Empty : FromRanges(left);
    }

    /// <summary>The set as the server writes it, but with sources and intervals one by one.</summary>
    public override string ToString() => string.Join(',', _entries.SelectMany(e => e.Ranges));

    private GtidRange[] RangesOf(GtidSource source)
    {
        foreach (var entry in _entries)
        {
            if (entry.Source == source)
                return entry.Ranges;
        }
        return [];
    }

    private static void Subtract(GtidRange range, GtidRange[] known, List<GtidRange> left)
    {
        if (range.IsMariaDb)
        {
            if (known.Length == 0 || known[0].High < range.High)
                left.Add(range);
            return;
        }
        var from = range.Low;
        foreach (var k in known)
        {
            if (k.High < from)
                continue;
            if (k.Low > range.High)
                break;
            if (k.Low > from)
                left.Add(range with { Low = from, High = k.Low - 1 });
            if (k.High >= range.High)
                return;
            from = k.High + 1;
        }
        left.Add(range with { Low = from });
    }

    private static GtidSet FromRanges(List<GtidRange> ranges)
    {
        ranges.Sort(GtidOrder.Compare);
        var entries = new List<Entry>();
        for (var start = 0; start < ranges.Count;)
        {
            var end = start + 1;
            while (end < ranges.Count && ranges[end].Source == ranges[start].Source)
                end++;
            entries.Add(new Entry(ranges[start].Source, Coalesce(ranges, start, end)));
            start = end;
        }
        return new GtidSet([.. entries]);
    }

    private static GtidRange[] Coalesce(List<GtidRange> sorted, int start, int end)
    {
        if (sorted[start].IsMariaDb)
            return [sorted[end - 1]];
        var joined = new List<GtidRange>(end - start);
        for (var i = start; i < end; i++)
        {
            if (joined.Count > 0 && sorted[i].Low - 1 <= joined[^1].High)
                joined[^1] = joined[^1] with { High = Math.Max(joined[^1].High, sorted[i].High) };
            else
                joined.Add(sorted[i]);
        }
        return [.. joined];
    }

    private readonly record struct Entry(GtidSource Source, GtidRange[] Ranges)
    {
        /// <summary>In MariaDB a position includes all before it; in MySQL one interval must hold the whole
        /// range.</summary>
        internal bool Contains(GtidRange range)
        {
            if (range.IsMariaDb)
                return range.High <= Ranges[0].High;
            int low = 0, high = Ranges.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >>> 1;
                if (Ranges[middle].High < range.Low)
                    low = middle + 1;
                else if (Ranges[middle].Low > range.Low)
                    high = middle - 1;
                else
                    return range.High <= Ranges[middle].High;
            }
            return false;
        }
    }
}
