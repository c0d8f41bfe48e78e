using DbProxy.Admin.Api.Counting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DbProxy.Tests.Admin;

/// <summary>Rates of counters that somebody looks at once a second.</summary>
public sealed class RatesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, long> _counters = new() { ["a"] = 100 };

    [Fact]
    public void A_rate_is_that_of_the_last_second_and_the_most_stays()
    {
        var rates = Sampled();
        Assert.Equal((0, 0), Of(rates));
        Step(rates, 130, seconds: 1);
        Assert.Equal((30, 30), Of(rates));
        Step(rates, 140, seconds: 2);
        Assert.Equal((5, 30), Of(rates));
        rates.ForgetMaxima();
        Assert.Equal((5, 5), Of(rates));
    }

    [Fact]
    public void What_is_gone_is_forgotten_and_begins_anew_when_it_comes_back()
    {
        var rates = Sampled();
        _counters.Remove("a");
        rates.Sample();
        Step(rates, 1000, seconds: 1);
        Assert.Equal((0, 0), Of(rates));
        Step(rates, 1010, seconds: 1);
        Assert.Equal((10, 10), Of(rates));
    }

    private Rates Sampled()
    {
        var rates = new Rates(() => _counters.Select(c => ((object)this, c.Key, c.Value)), _time);
        rates.Sample();
        return rates;
    }

    private void Step(Rates rates, long raw, int seconds)
    {
        _counters["a"] = raw;
        _time.Advance(TimeSpan.FromSeconds(seconds));
        rates.Sample();
    }

    private (double, double) Of(Rates rates) => (rates.Of(this, "a").Now, rates.Of(this, "a").Max);
}
