namespace DbProxy.Demo.Counting;

/// <summary>The readings of the last seconds: rates come from two of them.</summary>
internal sealed class History
{
    // Long enough to hold still for the eye, short enough to show a change.
    private const int RateReadings = 3;
    private const int PercentileReadings = 10;

    private readonly Queue<DemoReading> _readings = new();
    private readonly DemoReading _first;

    public History(DemoReading first)
    {
        _first = Now = first;
        _readings.Enqueue(first);
    }

    public DemoReading Now { get; private set; }

    /// <summary>The reading that percentiles begin at.</summary>
    public DemoReading Before => _readings.Peek();

    public void Add(DemoReading reading)
    {
        Now = reading;
        _readings.Enqueue(reading);
        if (_readings.Count > PercentileReadings + 1)
        {
            _readings.Dequeue();
        }
    }

    /// <summary>What a counter gains in a second, lately.</summary>
    public double Rate(Func<DemoReading, long> counter) =>
        Rate(counter, _readings.ElementAt(Math.Max(0, _readings.Count - 1 - RateReadings)));

    /// <summary>What a counter gained in a second, from the beginning.</summary>
    public double MeanRate(Func<DemoReading, long> counter) => Rate(counter, _first);

    private double Rate(Func<DemoReading, long> counter, DemoReading since)
    {
        var seconds = (Now.Elapsed - since.Elapsed).TotalSeconds;
        return seconds > 0 ? (counter(Now) - counter(since)) / seconds : 0;
    }
}
