using DbProxy.Admin.Api.Counting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DbProxy.Tests.Admin;

public sealed class TallyTests
{
    [Fact]
    public void Counters_count_from_the_reset_on_and_each_owner_has_its_own()
    {
        var time = new FakeTimeProvider();
        var (tally, one, other) = (new Tally(time), new object(), new object());
        Assert.Equal(5, tally.Of(one, "x", 5));
        time.Advance(TimeSpan.FromHours(1));
        tally.Reset(() => tally.Of(one, "x", 7));
        Assert.Equal(time.GetUtcNow(), tally.Since);
        Assert.Equal((0, 3, 9, 9), (tally.Of(one, "x", 7), tally.Of(one, "x", 10), tally.Of(other, "x", 9), tally.Of(one, "y", 9)));
        tally.Reset(() => tally.Of(one, "x", 20));
        Assert.Equal(1, tally.Of(one, "x", 21));
    }
}
