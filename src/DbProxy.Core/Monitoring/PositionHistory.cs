using DbProxy.Core.Gtids;

namespace DbProxy.Core.Monitoring;

/// <summary>
/// When the primary was first seen past each position. A replica's lag follows from it without any clock but the
/// proxy's own: it is behind by at least the age of the oldest step that it lacks, and by at most the time since
/// the primary was last seen before that step. Both ends are a poll interval apart.
/// </summary>
/// <remarks>
/// Steps are what was new in each probe, not whole sets: a replica that was built without some old transactions would
/// otherwise be behind for ever.
/// </remarks>
internal sealed class PositionHistory
{
    /// <summary>64 s at four probes a second in full resolution; older steps are thinned, which only widens the
    /// bounds.</summary>
    private const int Capacity = 256;

    private readonly Lock _lock = new();
    private readonly List<Step> _steps = [];
    private GtidSet? _baseline, _position;

    /// <summary>Forgets everything: the server is not writable any more, or it has no GTIDs.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            _steps.Clear();
            _baseline = _position = null;
        }
    }

    /// <summary>Records what a probe of the primary saw.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="asked">Monotonic time before the probe.</param>
    /// <param name="answered">Monotonic time after the probe.</param>
    internal void Record(GtidSet position, TimeSpan asked, TimeSpan answered)
    {
        lock (_lock)
        {
            if (_position is null)
            {
                _baseline = position;
                _steps.Add(new Step(GtidSet.Empty, answered, asked));
            }
            else if (ReferenceEquals(_position, position) || position.Except(_position) is not { IsEmpty: false } added)
            {
                _steps[^1] = _steps[^1] with { LastSeen = asked };
            }
            else
            {
                _steps.Add(new Step(added, answered, asked));
            }
            _position = position;
            if (_steps.Count > Capacity)
                Thin();
        }
    }

    /// <summary>The bounds of a replica's lag as two monotonic times: it lacks nothing from before <c>Complete</c>, and
    /// lacks something from <c>Missing</c> or earlier.</summary>
    /// <returns>Null when nothing is known of the primary's position.</returns>
    internal PositionBounds? Compare(GtidSet applied)
    {
        lock (_lock)
        {
            if (_position is null || _position.IsEmpty)
                return null;
            for (var i = _steps.Count - 1; i > 0; i--)
            {
                if (applied.Contains(_steps[i].Added))
                    return new PositionBounds(_steps[i].LastSeen, i + 1 < _steps.Count ? _steps[i + 1].FirstSeen : null);
            }
            // Nothing newer than the first look is applied: that one's whole content decides, and if the replica lacks
            // some of it, nobody knows since when.
            return new PositionBounds(
                applied.Contains(_baseline!) ? _steps[0].LastSeen : null,
                _steps.Count > 1 ? _steps[1].FirstSeen : null);
        }
    }

    private void Thin()
    {
        for (var i = Capacity / 2; i > 1; i -= 2)
            _steps.RemoveAt(i - 1);
    }

    private readonly record struct Step(GtidSet Added, TimeSpan FirstSeen, TimeSpan LastSeen);
}
