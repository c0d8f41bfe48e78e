using DbProxy.Core.Gtids;

namespace DbProxy.Core.Monitoring;

/// <summary>
/// What sessions learned of a server's position between two probes: the highest range of each source, in an immutable
/// array that is replaced by compare-and-swap.
/// </summary>
internal sealed class AppliedMemory
{
    private GtidRange[] _ranges = [];

    internal bool Contains(GtidToken token, bool appliesInOrder)
    {
        var ranges = Volatile.Read(ref _ranges);
        if (ranges.Length == 0)
            return false;
        foreach (var wanted in token.Ranges)
        {
            var at = IndexOf(ranges, wanted.Source);
            if (at < 0 || wanted.High > ranges[at].High)
                return false;
            if (!appliesInOrder && !wanted.IsMariaDb && wanted.Low < ranges[at].Low)
                return false;
        }
        return true;
    }

    internal void Add(GtidToken token)
    {
        while (true)
        {
            var before = Volatile.Read(ref _ranges);
            var after = With(before, token);
            if (ReferenceEquals(before, after) || Interlocked.CompareExchange(ref _ranges, after, before) == before)
                return;
        }
    }

    internal void Clear() => Volatile.Write(ref _ranges, []);

    private static GtidRange[] With(GtidRange[] known, GtidToken token)
    {
        var result = known;
        foreach (var range in token.Ranges)
        {
            var at = IndexOf(result, range.Source);
            if (at < 0)
            {
                result = [.. result, range];
            }
            else if (range.High > result[at].High)
            {
                var extended = (GtidRange[])result.Clone();
                // Ranges that touch are one; of two separate ones only the later is worth keeping.
                extended[at] = range.Low - 1 <= result[at].High && range.Low > result[at].Low
                    ? range with { Low = result[at].Low }
                    : range;
                result = extended;
            }
        }
        return result;
    }

    private static int IndexOf(GtidRange[] ranges, GtidSource source)
    {
        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i].Source == source)
                return i;
        }
        return -1;
    }
}
