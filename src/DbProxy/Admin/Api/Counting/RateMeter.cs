namespace DbProxy.Admin.Api.Counting;

/// <summary>How often something is counted: in the last second, and at most.</summary>
internal sealed class RateMeter
{
    private long _last;
    private bool _began;

    public double Now { get; private set; }

    public double Max { get; private set; }

    /// <summary>Takes in what the counter is now, about every second.</summary>
    public void Sample(long raw, TimeSpan since)
    {
        if (_began && since > TimeSpan.Zero)
        {
            Now = Math.Max(0, raw - _last) / since.TotalSeconds;
            Max = Math.Max(Max, Now);
        }
        (_last, _began) = (raw, true);
    }

    public void ForgetMax() => Max = Now;
}
