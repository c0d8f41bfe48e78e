using DbProxy.Demo.Site.Outside;
using Xunit;

namespace DbProxy.Tests.Demo.Site;

public sealed class TrafficTests
{
    [Fact]
    public void TheGapIsTheLongestTimeWithoutASuccess()
    {
        var traffic = Traffic.Of([At(RequestKind.File, 0, 10), At(RequestKind.File, 20, 30) with { Failure = "gone" }, At(RequestKind.File, 0, 510), At(RequestKind.File, 500, 600)]);

        Assert.Equal(Milliseconds(500), traffic.LongestGap);
        Assert.Single(traffic.Failed);
        Assert.Equal(Milliseconds(510), traffic.LongestRead);
    }

    [Fact]
    public void AListIsAsStaleAsTheOldestOrderThatItLacks()
    {
        Sample[] orders = [At(RequestKind.Order, 0, 100) with { Placed = 1 }, At(RequestKind.Order, 100, 200) with { Placed = 2 }, At(RequestKind.Order, 600, 700) with { Placed = 3 }];

        Assert.Equal(TimeSpan.Zero, Traffic.Of([.. orders, At(RequestKind.Orders, 650, 800) with { Newest = 2 }]).MostStale);
        Assert.Equal(Milliseconds(600), Traffic.Of([.. orders, At(RequestKind.Orders, 800, 810) with { Newest = 1 }]).MostStale);
    }

    [Fact]
    public void ServersAreCountedByTheSitesNames()
    {
        var by = new Dictionary<string, string> { [ServedBy.Reader] = "host/3" };

        Assert.Equal(1, Traffic.CountBy([At(RequestKind.Products, 0, 1) with { By = by }, At(RequestKind.File, 0, 1)], ServedBy.Reader)["db3"]);
    }

    private static Sample At(RequestKind kind, int start, int end) => new(kind, Milliseconds(start), Milliseconds(end));

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
