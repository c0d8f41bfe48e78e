using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Routing;

/// <summary>The position of the last write that any client of this proxy was told of (causal reads in mode <c>global</c>).</summary>
internal sealed class GlobalPosition(Topology topology)
{
    private volatile GtidToken? _current;

    public GtidToken? Current => _current;

    public void Advance(GtidToken written)
    {
        while (true)
        {
            GtidToken? old = _current;
            GtidToken next = old is null ? written : old.Merge(written, topology.HasAppliedEverywhere(old));
            if (ReferenceEquals(Interlocked.CompareExchange(ref _current, next, old), old))
            {
                return;
            }
        }
    }
}
