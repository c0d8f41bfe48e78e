namespace DbProxy.Core.Gtids;

/// <summary>One order for ranges, so that tokens and sets with the same content look the same.</summary>
internal static class GtidOrder
{
    internal static int Compare(GtidRange a, GtidRange b)
    {
        var source = Compare(a.Source, b.Source);
        if (source != 0)
            return source;
        return a.Low != b.Low ? a.Low.CompareTo(b.Low) : a.High.CompareTo(b.High);
    }

    internal static int Compare(GtidSource a, GtidSource b)
    {
        var uuid = a.Uuid.CompareTo(b.Uuid);
        if (uuid != 0)
            return uuid;
        var tag = string.CompareOrdinal(a.Tag, b.Tag);
        return tag != 0 ? tag : a.Domain.CompareTo(b.Domain);
    }
}
